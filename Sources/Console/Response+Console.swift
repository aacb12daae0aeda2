import HTTPServer
import HTTPTypes

extension Response {
  /// Leads to another page, which is asked by GET.
  static func seeOther(_ address: Address) -> Response {
    Response(303, headers: ["Location": address.text])
  }

  /// A file of comma-separated values (RFC 4180).
  ///
  /// A text that a spreadsheet would take for a formula gets an apostrophe in front, which keeps it a text.
  static func csv(_ name: String, _ rows: [[String]]) -> Response {
    let lines = rows.map { row in row.map(csvField).joined(separator: ",") + "\r\n" }
    return Response(
      200,
      headers: [
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": "attachment; filename=\"\(name)\"",
      ], body: Array(lines.joined().utf8))
  }

  private static func csvField(_ text: String) -> String {
    let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    let isNumber = text.utf8.allSatisfy { "0123456789.-".utf8.contains($0) }
    let safe = isFormula && !isNumber ? "'" + text : text
    guard safe.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return safe }
    return "\"\(safe.replacing("\"", with: "\"\""))\""
  }
}
