import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Service
import TestHomes
import TestSupport
import Testing

@testable import Setup

struct DirectoryWatcherTests {
  @Test func writeEndsAWait() throws {
    let folder = NSTemporaryDirectory() + "meterbridge-bell-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bell = DirectoryWatcher(on: folder)
    let rung = DispatchSemaphore(value: 0)
    let thread = Thread {
      bell.wait(seconds: 600)
      rung.signal()
    }
    thread.start()
    try Data("1".utf8).write(to: URL(filePath: folder + "/journal"))
    #expect(rung.wait(timeout: .now() + 60) == .success)
  }

  @Test func endEndsEveryWait() {
    let bell = DirectoryWatcher(on: NSTemporaryDirectory())
    bell.end()
    let start = Date()
    bell.rest(seconds: 600)
    bell.wait(seconds: 600)
    #expect(Date().timeIntervalSince(start) < 300)
  }
}
