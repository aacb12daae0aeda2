import Values

/// Rows of cells as aligned text, in which the texts of others are displayed.
enum Table {
  /// The rows, each column as wide as its widest cell.
  static func text(_ rows: [[String]], indent: Int = 0) -> String {
    let rows = rows.map { row in row.map { $0.displayed() } }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let margin = String(repeating: " ", count: indent)
    return rows.map { row in
      var line = margin
      for (column, cell) in row.enumerated() {
        guard row[(column + 1)...].contains(where: { !$0.isEmpty }) else {
          line += cell
          break
        }
        line += cell.padded(to: widths[column] + 2)
      }
      return line
    }.joined(separator: "\n")
  }
}

extension String {
  /// The text with spaces added up to a width in characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension JSON {
  /// The texts of these members; an empty text for one that is missing or not a text.
  func cells(_ names: String...) -> [String] { names.map { self[$0].string ?? "" } }
}
