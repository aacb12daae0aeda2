import Foundation
import TestSupport

/// Programs that tests run.
enum Program {
  /// A secret that no output may contain.
  static let canary = "canary-5bb5a5"

  /// The result of a program.
  struct Finished {
    let status: Int32
    let output: String
    let error: String
  }

  /// An executable of this build.
  static func built(_ name: String) -> URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
  }

  /// The root of the repository.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  /// Runs a program to its end.
  static func run(
    _ program: URL, _ arguments: [String] = [], environment: [String: String] = [:],
    input: String = ""
  ) throws -> Finished {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (read, write, log) = (folder.path + "/in", folder.path + "/out", folder.path + "/err")
    try Data(input.utf8).write(to: URL(filePath: read))
    for file in [write, log] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle(forReadingAtPath: read)
    process.standardOutput = FileHandle(forWritingAtPath: write)
    process.standardError = FileHandle(forWritingAtPath: log)
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    ended.wait()
    return Finished(
      status: process.terminationStatus,
      output: try String(contentsOfFile: write, encoding: .utf8),
      error: try String(contentsOfFile: log, encoding: .utf8))
  }

  /// A step that is a shell script, in a file of its own.
  static func script(_ text: String, _ body: (URL) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "step-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Executable.script(text, at: file.path)
    try body(file)
  }
}
