import Foundation

/// Another process that uses a store; see `StoreProbe`.
final class Probe {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Starts one, and waits until it has opened the store.
  init(_ scratch: Scratch, _ arguments: String...) throws {
    let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.executableURL = products.appending(path: "StoreProbe")
    process.arguments = [scratch.path] + arguments
    process.standardInput = input
    process.standardOutput = output
    // Ours would be open for as long as it lives
    process.standardError = FileHandle.nullDevice
    try process.run()
    _ = output.fileHandleForReading.readData(ofLength: "ready\n".utf8.count)
  }

  /// Lets it begin.
  func go() throws {
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
  }

  /// Waits for some bytes of what it says, and kills it in the middle of what it does.
  func kill(afterBytes count: Int) -> [String] {
    let said = output.fileHandleForReading.readData(ofLength: count)
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    return lines(said + output.fileHandleForReading.readDataToEndOfFile())
  }

  /// All the lines that it says until it ends.
  func lines() -> [String] {
    lines(output.fileHandleForReading.readDataToEndOfFile())
  }

  private func lines(_ data: Data) -> [String] {
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
