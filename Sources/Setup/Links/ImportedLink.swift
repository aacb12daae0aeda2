/// A row that is to be imported, with the line of the file that it stands in.
public struct ImportedLink: Sendable {
  /// The line, from 1.
  public let line: Int
  /// The row.
  public let row: Links.Row

  /// A row of a line.
  public init(line: Int, row: Links.Row) {
    self.line = line
    self.row = row
  }
}
