import Foundation
import Testing

@testable import meterbridge

/// `--help` and the manual page.
struct HelpTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test(arguments: [
    "--help", "help", "-h", "run --help", "run", "connection add --help", "help serve", "--version",
    "flow --help --json", "help run list",
  ])
  func helpGoesToStandardOutput(words: String) throws {
    let finished = try Shell.run("\(meterbridge) \(words)")
    #expect(finished.status == 0)
    #expect(!finished.output.isEmpty)
    #expect(finished.error == "")
  }

  /// The section of a command in the manual page, in plain text.
  private func manual(of command: Command) throws -> String {
    let page = ManPage.text(Command.table.shown).replacing("\\-", with: "-")
    return try #require(
      page.components(separatedBy: "\n.SS \(command.name)\n").dropFirst().first, "\(command.name)"
    ).components(separatedBy: "\n.S")[0]
  }

  @Test(arguments: Command.table.shown.map(\.name)) func synopsisHasRequiredOptions(
    name: String
  ) throws {
    let command = try #require(Command.table.shown.first { $0.name == name })
    let usage = try #require(Help.page(of: command).firstMatch(of: /usage: .*/)?.output)
    let parts = try manual(of: command).components(separatedBy: "\n.B meterbridge ")
    let synopsis = try #require(parts.dropFirst().first).components(separatedBy: "\n.RI [ OPTION")[
      0]
    for option in command.options {
      let value = option.value.map { " \($0)" } ?? ""
      #expect(usage.contains(" --\(option.name)\(value)") == option.isRequired, "\(option.name)")
      #expect(synopsis.contains("--\(option.name) ") == option.isRequired, "\(option.name)")
    }
  }

  @Test(arguments: Command.table.shown.map(\.name)) func repeatableOptionsSayIt(
    name: String
  ) throws {
    let command = try #require(Command.table.shown.first { $0.name == name })
    let (help, manual) = (Help.page(of: command), try manual(of: command))
    for option in command.options {
      let line = try #require(
        help.split(separator: "\n").first { $0.contains("--\(option.usage.dropFirst(2))  ") })
      #expect(line.contains("may be repeated") == option.isRepeatable, "\(option.name)")
      let entry = try #require(
        manual.components(separatedBy: "\n.TP\n").first {
          $0.contains("--\(option.name)") && $0.hasPrefix(".B")
        })
      #expect(entry.contains("may be repeated") == option.isRepeatable, "\(option.name)")
    }
  }

  @Test func listsSayThatTheyPrintJSONLines() throws {
    for command in Command.table.shown where command.name.hasSuffix(" list") || command.printsLines
    {
      #expect(Help.page(of: command).contains("Print JSON Lines"), "\(command.name)")
      #expect(try manual(of: command).contains("JSON Lines"), "\(command.name)")
    }
  }

  @Test func summariesAreSentencesWithoutFullStop() {
    for command in Command.table.all {
      #expect(command.summary.first?.isUppercase == true, "\(command.name)")
      #expect(!command.summary.hasSuffix("."), "\(command.name)")
      for option in command.options { #expect(!option.help.hasSuffix("."), "\(option.name)") }
    }
  }
}
