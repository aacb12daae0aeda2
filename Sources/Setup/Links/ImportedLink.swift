/// A row to import, with its line in the file.
public struct ImportedLink: Sendable {
  /// The line, from 1.
  public let line: Int
  /// The row.
  public let row: Links.Row

  /// Creates a row of a line.
  public init(line: Int, row: Links.Row) {
    self.line = line
    self.row = row
  }
}
