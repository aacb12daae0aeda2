/// A merge of tables and journals in key order, in which the newest entry of a key counts.
///
/// It keeps the entries of the journals in memory, but not the records of the table.
struct SnapshotCursor: RecordCursor {
  /// One cursor per journal and table, the newest first.
  private var cursors: [RangeCursor]
  private let isReversed: Bool

  init(_ snapshot: Snapshot, _ bounds: KeyBounds) throws(StoreError) {
    cursors = []
    isReversed = bounds.isReversed
    for journal in snapshot.journals.reversed() {
      cursors.append(try RangeCursor(journal.entries, bounds))
    }
    if let table = snapshot.table { cursors.append(try RangeCursor(table, bounds)) }
  }

  init(_ entries: SortedMap<Entry>, _ bounds: KeyBounds) throws(StoreError) {
    cursors = [try RangeCursor(entries, bounds)]
    isReversed = bounds.isReversed
  }

  mutating func next() throws(StoreError) -> Record? {
    while let (key, entry) = try nextEntry() {
      if let value = entry.value { return Record(key: key.text, value: value) }
    }
    return nil
  }

  /// Returns the next key and its newest entry, which may be a tombstone.
  mutating func nextEntry() throws(StoreError) -> (key: Key, entry: Entry)? {
    guard let (key, entry) = nearest() else { return nil }
    for index in cursors.indices where cursors[index].current?.key == key {
      try cursors[index].advance()
    }
    return (key, entry)
  }

  private func nearest() -> (key: Key, entry: Entry)? {
    var nearest: (key: Key, entry: Entry)?
    for case let current? in cursors.lazy.map(\.current) {
      guard let other = nearest else {
        nearest = current
        continue
      }
      if isReversed ? current.key > other.key : current.key < other.key { nearest = current }
    }
    return nearest
  }
}
