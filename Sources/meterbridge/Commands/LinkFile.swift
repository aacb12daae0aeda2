import Foundation
import Operations
import Setup
import StepKit
import Values

/// A file of links: JSON Lines as `link export` writes them, or CSV with accounts in the header.
enum LinkFile {
  /// The rows of a file; `kind` is that of a table without a column `kind`.
  ///
  /// - Throws: `data`, with the line that is wrong.
  static func rows(_ bytes: [UInt8], kind: Kind?) throws(Problem) -> [ImportedLink] {
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw Problem(.data, "the file of links is not UTF-8")
    }
    let isJSON = text.first { !$0.isWhitespace } == "{"
    return try isJSON ? lines(text) : table(CSV(text), kind)
  }

  private static func lines(_ text: String) throws(Problem) -> [ImportedLink] {
    var rows: [ImportedLink] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard let line = String(line).nonBlank else { continue }
      do throws(Problem) {
        let json = try Context.document(Array(line.utf8), "the link")
        rows.append(ImportedLink(line: index + 1, row: try Links.Row(json: json)))
      } catch {
        throw Problem(.data, "line \(index + 1): \(error)")
      }
    }
    return rows
  }

  private static func table(_ csv: CSV, _ kind: Kind?) throws(Problem) -> [ImportedLink] {
    guard let head = csv.records.first?.fields.map({ $0.nonBlank ?? "" }) else { return [] }
    let column = head.firstIndex(of: "kind")
    if head.count == 1, head[0].contains(";") {
      throw Problem(.data, "line 1: columns must be separated by commas, not semicolons")
    }
    guard kind != nil || column != nil else {
      throw Problem(
        .usage, "the table has no column \"kind\"; give one for all rows, such as --kind customer")
    }
    for (index, name) in head.enumerated() where index != column {
      guard name.contains(":"), head.firstIndex(of: name) == index else {
        throw Problem(
          .data,
          "line 1: column \"\(name)\" must be kind or an account, such as chargebee:acme, and may"
            + " appear only once")
      }
    }
    return try csv.records.dropFirst().map { (line, fields) throws(Problem) in
      guard fields.count == head.count else {
        throw Problem(
          .data, "line \(line): \(fields.count) fields, but the header has \(head.count)")
      }
      let word = column.flatMap { fields[$0].nonBlank } ?? kind?.rawValue ?? ""
      guard let kind = Kind(rawValue: word) else {
        throw Problem(.data, "line \(line): unknown kind \"\(word)\"")
      }
      var ids: [String: String] = [:]
      for (index, name) in head.enumerated() where index != column {
        ids[name] = JSON.string(fields[index]).verbatim
      }
      return ImportedLink(line: line, row: Links.Row(kind: kind, ids: ids))
    }
  }
}
