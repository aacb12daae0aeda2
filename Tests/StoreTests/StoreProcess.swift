import Foundation

/// A process that uses a store: the program `StoreProbe`.
final class StoreProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Starts the process, and waits until it has opened the store.
  init(_ scratch: ScratchDirectory, _ arguments: String...) throws {
    let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.executableURL = products.appending(path: "StoreProbe")
    process.arguments = [scratch.path] + arguments
    process.standardInput = input
    process.standardOutput = output
    // It would keep the standard error of the tests open.
    process.standardError = FileHandle.nullDevice
    try process.run()
    _ = output.fileHandleForReading.readData(ofLength: "ready\n".utf8.count)
  }

  /// Lets the process begin its work.
  func go() throws {
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
  }

  /// Waits for some bytes of output, kills the process, and returns its lines.
  func kill(afterBytes count: Int) -> [String] {
    let output = self.output.fileHandleForReading.readData(ofLength: count)
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    return lines(output + self.output.fileHandleForReading.readDataToEndOfFile())
  }

  /// Waits for the end of the process, and returns its lines.
  func lines() -> [String] {
    lines(output.fileHandleForReading.readDataToEndOfFile())
  }

  private func lines(_ data: Data) -> [String] {
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
