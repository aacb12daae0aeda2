import Foundation
import Synchronization
import TestPrograms
import Testing

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

struct ExecutableTests {
  /// Each start shares with its child, for a moment, what others are writing.
  @Test func canBeStartedWhileOthersAreMadeAndStarted() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let troubles = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 400) { number in
      let path = "\(folder)/\(number)"
      let program = ChildProcess(
        path: path, deadline: 20, largestOutput: 100, restraint: Restraint(memory: 512 << 20))
      do {
        try Executable.script("echo \(number)", at: path)
        let finished = try program.run(input: [])
        #expect(finished.output == Array("\(number)\n".utf8))
      } catch {
        troubles.withLock { $0.append("\(error)") }
      }
    }
    #expect(troubles.withLock { $0 } == [])
  }
}
