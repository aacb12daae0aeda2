/// Rows as text for people, in the form of Markdown.
enum Table {
  static func lines(of rows: [Row]) -> [String] {
    let head = ["what", "figure", "yardstick", "ratio", "goal", "met"]
    let cells = [head] + rows.map(cells)
    let widths = head.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let rule =
      "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    var lines = cells.map { line(of: $0, widths) }
    lines.insert(rule, at: 1)
    return lines
  }

  private static func cells(of row: Row) -> [String] {
    [
      "\(row.part): \(row.what)", "\(Goal.short(row.figure)) \(row.unit)",
      row.yardstick.map { "\($0): \(Goal.short(row.measure ?? 0))" } ?? "",
      row.ratio.map { String(Goal.short($0)) } ?? "", row.goal ?? "",
      row.isMet.map { $0 ? "yes" : "no" } ?? "",
    ]
  }

  private static func line(of cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: width - cell.count)
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }
}
