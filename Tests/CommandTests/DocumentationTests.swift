import Foundation
import Testing

@testable import meterbridge

/// The commands, links and names of files in all documents exist.
struct DocumentationTests {
  // MARK: Architecture

  @Test func architectureNamesEveryTarget() throws {
    let text = try DocumentationPage("Sources/README.md").text
    let sources = Shell.repository.appending(path: "Sources")
    for target in try FileManager.default.contentsOfDirectory(atPath: sources.path)
    where !target.contains(".") { #expect(text.contains("`\(target)`"), "\(target)") }
  }

  @Test func architectureLinksEveryCrashTable() throws {
    let text = try DocumentationPage("Sources/README.md").section("Crash states")
    for folder in ["Sources", "functions"] {
      for (path, source) in try DocumentationPage.swiftFiles(in: folder)
      where source.contains(/\n\/\/\/ \|-+\|/) {
        let link = folder == "Sources" ? path : "../functions/\(path)"
        #expect(text.contains("](\(link))"), "\(folder)/\(path)")
      }
    }
  }

  @Test func architectureNamesExistingFiles() throws {
    let text = try DocumentationPage("Sources/README.md").text
    let files = try DocumentationPage.swiftFiles(in: "Sources").map { "/\($0.path)" }
    for match in text.matches(of: /`([\w+\/]+\.swift)`/) where match.output.1 != "Package.swift" {
      #expect(files.contains { $0.hasSuffix("/\(match.output.1)") }, "\(match.output.1)")
    }
  }

  /// Every threat names the tests that hold it, and those exist.
  @Test func threatsAreHeldByExistingTests() throws {
    let section = try DocumentationPage("Sources/README.md").section("Threats")
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    #expect(rows.count > 15)
    let tests = try DocumentationPage.swiftFiles(in: "Tests").map(\.source).joined()
    let targets = try FileManager.default.contentsOfDirectory(
      atPath: Shell.repository.appending(path: "Tests").path)
    for row in rows {
      let names = (row.split(separator: "|").last ?? "").matches(of: /`(\w+)`/)
      #expect(!names.isEmpty, "\(row)")
      for name in names.map(\.output.1) {
        let isThere =
          targets.contains(String(name)) || tests.contains("struct \(name) ")
          || tests.contains("func \(name)(")
        #expect(isThere, "\(name)")
      }
    }
  }

  // MARK: Commands and links

  /// Words after `meterbridge` in code: `connection add chargebee --name acme`.
  private static func commandLines(of page: DocumentationPage) -> [[String]] {
    let lines = page.text.replacing("\\\n", with: " ").components(separatedBy: "\n")
    let code = lines.flatMap { line in
      line.hasPrefix("    ") || line.hasPrefix("meterbridge ")
        ? [line] : line.matches(of: /`([^`]+)`/).map { String($0.output.1) }
    }
    return code.flatMap { code in
      code.matches(of: /(?:^|[ (\/])meterbridge ([^|;&)>#]*)/).map { match in
        match.output.1.split(separator: " ").map(String.init)
      }
    }
  }

  @Test(arguments: try DocumentationPage.all()) func commandsExist(page: DocumentationPage) throws {
    let commandLines = Self.commandLines(of: page)
    try #require(page.path != "README.md" || commandLines.count > 50)
    for words in commandLines {
      var words = words[...]
      while ["--home", "--engine"].contains(words.first) { words = words.dropFirst(2) }
      guard let first = words.first, !["COMMAND", "--home", "--engine", "…"].contains(first) else {
        continue
      }
      let line = "\(page.path): meterbridge \(words.joined(separator: " "))"
      let command = [3, 2, 1].lazy.compactMap { count in
        let name = words.prefix(count).joined(separator: " ")
        return Command.table.all.first { $0.name == name }
      }.first
      let isGroup = Command.table.all.contains { $0.name.hasPrefix(first + " ") }
      guard let command else {
        #expect(isGroup && words.count == 1, "\(line)")
        continue
      }
      for word in words where word.hasPrefix("--") {
        #expect(command.option(word) != nil, "\(line): \(word)")
      }
    }
  }

  @Test(arguments: try DocumentationPage.all()) func linksResolve(page: DocumentationPage) throws {
    let page = Shell.repository.appending(path: page.path)
    let text = try String(contentsOf: page, encoding: .utf8)
    for match in text.matches(of: /\]\(([^)]+)\)/) where !match.output.1.hasPrefix("http") {
      let link = match.output.1
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      let file =
        parts[0].isEmpty
        ? page.path : page.deletingLastPathComponent().appending(path: parts[0]).path
      #expect(FileManager.default.fileExists(atPath: file), "\(link)")
      guard parts.count > 1 else { continue }
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let anchors = text.matches(of: /\n#+ ([^\n]+)/).map { heading in
        heading.output.1.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
          .replacing(" ", with: "-")
      }
      #expect(anchors.contains(parts[1]), "\(link)")
    }
  }
}
