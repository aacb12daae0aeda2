import Foundation
import Testing

/// A Markdown file of the repository.
struct DocumentationPage: Sendable, CustomTestStringConvertible {
  /// The path in the repository.
  let path: String
  let text: String
  var testDescription: String { path }

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: Shell.repository.appending(path: path), encoding: .utf8)
  }

  /// The pages whose commands, links and examples are tested.
  static func all() throws -> [DocumentationPage] {
    try [
      "README.md", "Sources/README.md", "functions/README.md", "events/README.md",
      "Tests/README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md", ".github/CHANGELOG.md",
    ].filter { FileManager.default.fileExists(atPath: Shell.repository.appending(path: $0).path) }
      .map { try DocumentationPage($0) }
  }

  /// The text of a section of the second level, without its heading.
  func section(_ title: String) throws -> String {
    let sections = text.components(separatedBy: "\n## ").dropFirst()
    let section = try #require(
      sections.first { $0.hasPrefix("\(title)\n") }, "\(path) has no section \(title)")
    return String(section.dropFirst(title.count + 1))
  }

  /// The lines of the fenced blocks of a language, block by block.
  static func blocks(_ language: String, in text: String) -> [[String]] {
    text.components(separatedBy: "\n```\(language)\n").dropFirst().map { block in
      block.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
    }
  }

  /// The Swift files of a folder of the repository, with their paths in it.
  static func swiftFiles(in folder: String) throws -> [(path: String, source: String)] {
    let folder = Shell.repository.appending(path: folder)
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map {
      ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
    }
  }
}
