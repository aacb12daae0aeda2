import Foundation
import Processes
import Synchronization
import TestSupport
import Testing

/// Executables made by tests.
struct ExecutableTests {
  /// A process that starts shares, for a moment, the files that other threads are writing.
  @Test func executableStartsWhileOthersAreMadeAndStarted() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let troubles = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 400) { number in
      let path = "\(folder)/\(number)"
      let program = Program(
        path: path, timeout: 20, maxOutput: 100, limits: ResourceLimits(memory: 512 << 20))
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
