/// The files of a store.
///
/// The number in a file name is a position: the number of journal bytes ever written before it.
struct StoreDirectory: Sendable {
  let path: String
  let disk: any Disk

  /// The file that writers lock; it contains the commit watermark.
  var lock: String { "\(path)/lock" }
  /// The file that compactions lock.
  var compactionLock: String { "\(path)/compaction" }
  /// The unfinished table of a compaction.
  var draft: String { "\(path)/draft" }

  /// The journal that begins at a position.
  func journal(_ position: Int) -> String { "\(path)/journal.\(position)" }

  /// The table that contains everything up to a position.
  func table(_ position: Int) -> String { "\(path)/table.\(position)" }

  /// The positions of the tables and the journals, in ascending order.
  func list() throws(StoreError) -> (tables: [Int], journals: [Int]) {
    let names = try disk.names(in: path)
    return (positions(in: names, after: "table."), positions(in: names, after: "journal."))
  }

  /// Removes the tables and journals that a table replaces, and the draft of a dead compaction.
  ///
  /// Requires the compaction lock and a durable name of the table.
  func removeFiles(before position: Int) throws(StoreError) {
    let (tables, journals) = try list()
    for table in tables where table < position { try disk.remove(self.table(table)) }
    for journal in journals where journal < position { try disk.remove(self.journal(journal)) }
    if try disk.names(in: path).contains("draft") { try disk.remove(draft) }
  }

  private func positions(in names: [String], after prefix: String) -> [Int] {
    names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }.sorted()
  }
}
