import Foundation
import Testing

/// The README's examples are run as they stand, and must say exactly what it says.
struct ReadmeTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let command: String
    let output: String
    var testDescription: String { command }
  }

  @Test(arguments: try examples()) func saysWhatTheReadmeSays(example: Example) throws {
    let finished = try Shell.run(example.command)
    #expect(finished.output == example.output)
    #expect(finished.error == "")
    #expect(finished.status == 0)
  }

  @Test func namesBothCommands() throws {
    let text = try String(
      contentsOf: Shell.repository.appending(path: "README.md"), encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.contains("    swift test"))
    #expect(
      lines.contains { $0.hasPrefix("    $(command -v sudo) ") && $0.hasSuffix("meterbridge demo") }
    )
  }

  /// The blocks marked `console`: a line with `$ ` is a command, those after it are its output.
  static func examples() throws -> [Example] {
    let text = try String(
      contentsOf: Shell.repository.appending(path: "README.md"), encoding: .utf8)
    let examples = text.components(separatedBy: "```console\n$ ").dropFirst().map { block in
      let parts = block.components(separatedBy: "\n```")[0]
        .split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Example(command: String(parts[0]), output: parts.count > 1 ? parts[1] + "\n" : "")
    }
    try #require(examples.count >= 4)
    return Array(examples)
  }
}
