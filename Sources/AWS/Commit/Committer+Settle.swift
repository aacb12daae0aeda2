import Store

extension Committer {
  /// Reads records for a commit, and ends the long commits that announced to write one of them.
  ///
  /// Requests: one for 100 records, if no long commit is under way.
  func read(_ keys: Set<Key>) throws(AWSError) -> [Key: StoredRecord] {
    var found = try records.records(keys)
    for round in 1...Self.patience {
      let open = found.values.filter { $0.staged != nil }
      guard !open.isEmpty else { break }
      for (stamp, open) in Dictionary(grouping: open, by: { $0.staged?.version.stamp }) {
        guard let stamp else { continue }
        try settle(open, stamp, isLate: round == Self.patience)
      }
      if round < Self.patience { RetryPolicy().wait(after: round) }
      found.merge(try records.records(open.map(\.key))) { _, new in new }
    }
    for record in found.values where record.staged == nil { known.remember(record) }
    return found
  }

  /// The number of looks at a long commit of another writer before it is given up.
  private static let patience = 8

  /// Ends a long commit in some records if it happened or cannot happen any more.
  ///
  /// If it is late, its writer may have died: an entry in its place makes it impossible.
  private func settle(_ open: [StoredRecord], _ stamp: Stamp, isLate: Bool) throws(AWSError) {
    if isLate {
      do throws(AWSError) {
        try records.table.transact([records.void(stamp, time: Self.now)])
      } catch {
        guard error == .conditionFailed else { throw error }
      }
    }
    guard let entry = try records.log(stamp) else { return }
    try settle(open, happened: !entry.isVoid)
  }

  /// Ends a long commit in some records.
  func settle(_ open: [StoredRecord], happened: Bool) throws(AWSError) {
    let writes = open.compactMap { record in
      record.settled(happened: happened, at: records.layout.record(record.key))
    }
    for start in stride(from: 0, to: writes.count, by: DynamoDBTable.itemLimit) {
      let part = Array(writes[start..<min(start + DynamoDBTable.itemLimit, writes.count)])
      do throws(AWSError) {
        try records.table.transact(part)
      } catch {
        // Somebody else ends it too
        guard error == .conditionFailed else { throw error }
        for write in part { try settleOne(write) }
      }
    }
  }

  private func settleOne(_ write: ItemWrite) throws(AWSError) {
    do throws(AWSError) {
      try records.table.transact([write])
    } catch {
      guard error == .conditionFailed else { throw error }
    }
  }
}
