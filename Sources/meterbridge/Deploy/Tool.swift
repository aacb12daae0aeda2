import Foundation
import Values

/// A program of the system.
struct Tool {
  /// The result of a run.
  struct Finished {
    let status: Int32
    let output: [UInt8]
    let error: String
  }

  let path: String

  /// The program of that name in the PATH; nil if there is none.
  init?(_ name: String) {
    let environment = ProcessInfo.processInfo.environment["PATH"] ?? ""
    // Not every user's PATH has the system administration programs
    let folders = environment.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
    guard
      let folder = folders.first(where: {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      })
    else { return nil }
    path = "\(folder)/\(name)"
  }

  /// The program at a path.
  init(path: String) { self.path = path }

  /// Runs the program until it exits; it is killed after the timeout, in seconds.
  ///
  /// - Throws: `unavailable` if it cannot be started.
  func run(
    _ arguments: [String], environment: [String: String]? = nil, input: [UInt8] = [],
    timeout: Double = .infinity
  ) throws(Problem) -> Finished {
    try Files.withTemporaryDirectory { (folder) throws(Problem) in
      let names = ["in", "out", "err"].map { "\(folder)/\($0)" }
      for (name, bytes) in zip(names, [input, [], []]) {
        try Files.write(bytes, to: name, mode: 0o600)
      }
      let process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      if let environment { process.environment = environment }
      process.standardInput = FileHandle(forReadingAtPath: names[0])
      process.standardOutput = FileHandle(forWritingAtPath: names[1])
      process.standardError = FileHandle(forWritingAtPath: names[2])
      let status = try wait(for: process, timeout)
      return Finished(
        status: status, output: try Files.read(names[1]),
        error: String(decoding: try Files.read(names[2]), as: UTF8.self))
    }
  }

  private func wait(for process: Process, _ timeout: Double) throws(Problem) -> Int32 {
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      throw Problem(.unavailable, "cannot run \(path): \(error)")
    }
    let end: DispatchTime = timeout.isFinite ? .now() + timeout : .distantFuture
    if ended.wait(timeout: end) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    return process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }
}
