import HTTPServer
import HTTPTypes
import Operations
import Values

/// A file of comma-separated values (RFC 4180), which is written while it is sent.
struct Export: Sendable {
  /// Rows, and the place at which the next ones begin; nil if there are none.
  typealias Portion = (rows: [[String]], next: String?)

  /// The rows of a portion, so that an export of any length needs the memory of these.
  static let rowsOfPortion = 500
  /// The seconds that the search for a portion may take before it is seen whether the client is still there.
  static let secondsOfPortion = 1.0

  /// The name of the file.
  let name: String
  private let first: Portion
  private let columns: [String]
  private let read: @Sendable (String) throws(Problem) -> Portion

  /// Reads the first portion; `read` reads the portion at a place, or the first one.
  init(
    _ name: String, _ columns: [String],
    _ read: @escaping @Sendable (String?) throws(Problem) -> Portion
  ) throws(Problem) {
    (self.name, self.columns) = (name, columns)
    first = try read(nil)
    self.read = { (place) throws(Problem) in try read(place) }
  }

  /// The members of documents, a row for each; what is no text is shown as JSON.
  init(_ name: String, _ columns: [String], of documents: [JSON]) throws(Problem) {
    self = try Export(name, columns) { (_) throws(Problem) in
      (documents.map { json in columns.map { Self.cell(json[$0]) } }, nil)
    }
  }

  private static func cell(_ value: JSON) -> String {
    if value.isNull { return "" }
    return value.string ?? value.array?.map(cell).joined(separator: " ") ?? value.text
  }

  /// The head of the response.
  var response: Response {
    Response(
      200,
      headers: [
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": "attachment; filename=\"\(name)\"",
      ])
  }

  /// Writes all rows.
  ///
  /// - Throws: The problem of a portion; the connection is then cut, so that the file is not taken for whole.
  func write(to writer: BodyWriter) throws(Problem) {
    var portion = Portion([columns] + first.rows, first.next)
    while writer.write(Array(portion.rows.map(CSV.line).joined().utf8)) {
      guard let next = portion.next else { return writer.end() }
      portion = try read(next)
    }
  }
}
