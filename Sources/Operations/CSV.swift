public import Values

/// Comma-separated values (RFC 4180): a quoted field may contain commas, line breaks and doubled quotes.
public struct CSV: Sendable {
  /// The records, each with its first line, from 1; empty lines are skipped.
  public let records: [(line: Int, fields: [String])]

  /// Reads a text; a byte order mark at its beginning is skipped.
  /// - Throws: A `data` problem with the line of a misplaced quote.
  public init(_ text: String) throws(Problem) {
    var reader = Reader(text)
    var records: [(line: Int, fields: [String])] = []
    while let record = try reader.next() {
      if record.fields != [""] { records.append(record) }
    }
    self.records = records
  }

  /// A record as a line with its end.
  ///
  /// A text that a spreadsheet would take for a formula begins with an apostrophe.
  public static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    let isNumber = text.utf8.allSatisfy { "0123456789.-".utf8.contains($0) }
    let safe = isFormula && !isNumber ? "'" + text : text
    guard safe.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return safe }
    return "\"\(safe.replacing("\"", with: "\"\""))\""
  }

  private struct Reader {
    private var rest: Substring.UnicodeScalarView
    private var line = 1

    init(_ text: String) {
      rest = text[...].unicodeScalars
      if rest.first == "\u{FEFF}" { rest.removeFirst() }
    }

    mutating func next() throws(Problem) -> (line: Int, fields: [String])? {
      guard !rest.isEmpty else { return nil }
      let start = line
      var fields: [String] = []
      while true {
        fields.append(try field())
        guard rest.popFirst() == "," else { return (start, fields) }
      }
    }

    /// A field; its end is left, except the first half of CR LF.
    private mutating func field() throws(Problem) -> String {
      if rest.first == "\"" { return try quoted() }
      var field = String.UnicodeScalarView()
      while let scalar = rest.first, scalar != ",", scalar != "\n" {
        rest.removeFirst()
        if scalar == "\"" { throw wrong("a quote in a field that is not quoted") }
        if scalar == "\r", rest.isEmpty || rest.first == "\n" { break }
        field.append(scalar)
      }
      if rest.first == "\n" { line += 1 }
      return String(field)
    }

    private mutating func quoted() throws(Problem) -> String {
      var field = String.UnicodeScalarView()
      rest.removeFirst()
      while let scalar = rest.popFirst() {
        if scalar == "\n" { line += 1 }
        guard scalar == "\"" else {
          field.append(scalar)
          continue
        }
        if rest.first == "\"" {
          field.append("\"")
          rest.removeFirst()
          continue
        }
        if rest.first == "\r" { rest.removeFirst() }
        guard rest.isEmpty || rest.first == "," || rest.first == "\n" else {
          throw wrong("text behind a closing quote")
        }
        if rest.first == "\n" { line += 1 }
        return String(field)
      }
      throw wrong("a quote that is not closed")
    }

    private func wrong(_ what: String) -> Problem { Problem(.data, "line \(line): \(what)") }
  }
}
