/// The transactions of one commit group, each of which sees the changes of those before it.
struct Batch {
  /// The entries of the first `indexed` records by key, brought up to date when a condition needs them.
  private var entries: [Key: Entry] = [:]
  private var indexed = 0
  private(set) var lines = LineBuffer()
  private(set) var records: [(key: Key, entry: Entry)] = []

  init(reservingCapacityFor commits: [PendingCommit]) {
    lines.reserveCapacity(commits.reduce(0) { sum, commit in sum + commit.transaction.size })
  }

  /// Adds a transaction if its conditions hold.
  ///
  /// The batch does not store the snapshot: appending to a snapshot with a second owner would copy it.
  /// - Returns: Whether the conditions hold.
  mutating func add(
    _ transaction: CheckedTransaction, on snapshot: Snapshot
  ) throws(StoreError) -> Bool {
    guard try transaction.holds({ key throws(StoreError) in try value(of: key, snapshot) }) else {
      return false
    }
    for (key, entry) in transaction.changes {
      lines.add(key, entry)
      records.append((key, entry))
    }
    return true
  }

  private mutating func value(of key: Key, _ snapshot: Snapshot) throws(StoreError) -> String? {
    for record in records[indexed...] { entries[record.key] = record.entry }
    indexed = records.count
    if let entry = entries[key] { return entry.value }
    return try snapshot.value(of: key)
  }
}
