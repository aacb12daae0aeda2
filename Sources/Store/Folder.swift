/// The files of a store, by name.
///
/// A number in a name is a position: how many bytes of journal were ever written before.
struct Folder: Sendable {
  let path: String
  let disk: any Disk

  /// The lock around append, and the mark.
  var lock: String { "\(path)/lock" }
  /// The lock around compaction.
  var compaction: String { "\(path)/compaction" }
  /// A table in the making.
  var draft: String { "\(path)/draft" }

  /// The journal that begins at a position.
  func journal(_ position: Int) -> String { "\(path)/journal.\(position)" }

  /// The table that holds all up to a position.
  func table(_ position: Int) -> String { "\(path)/table.\(position)" }

  /// The positions in the names of the tables and the journals, in order.
  func list() throws(StoreError) -> (tables: [Int], journals: [Int]) {
    let names = try disk.names(in: path)
    return (positions(in: names, after: "table."), positions(in: names, after: "journal."))
  }

  /// Removes what a compaction up to a position has made needless, and what one that died left.
  ///
  /// Wants the gate of compaction; the new table's name must be durable.
  func sweep(before position: Int) throws(StoreError) {
    let (tables, journals) = try list()
    for table in tables where table < position { try disk.remove(self.table(table)) }
    for journal in journals where journal < position { try disk.remove(self.journal(journal)) }
    if try disk.names(in: path).contains("draft") { try disk.remove(draft) }
  }

  // MARK: Private

  private func positions(in names: [String], after prefix: String) -> [Int] {
    names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }.sorted()
  }
}
