/// All that a store holds at one position of its journals: a table, and what the journals after it
/// say.
///
/// A copy stays as it is, whatever is written or compacted afterwards.
struct View: Sendable {
  var table: Table?
  /// The journals since the table, in order.
  var segments: [Segment] = []
  /// The position up to which the journals were read.
  var end: Int
  /// Beginnings of the keys whose records are watched.
  var watched: [[UInt8]] = []
  /// How often such a record, or all of them at once, may have changed.
  var version = 0

  /// The position up to which the table holds all.
  var base: Int { table?.position ?? 0 }

  /// The journal that is written to: its file and the position at which it begins.
  ///
  /// Not the segment itself: with a second owner of its entries, adding to them would copy them.
  var journal: (file: File, start: Int)? { segments.last.map { ($0.file, $0.start) } }

  /// What the journals say of a key; nil when they do not mention it.
  func journalled(_ key: Key) -> Entry? {
    for segment in segments.reversed() {
      if let entry = segment.entries[key] { return entry }
    }
    return nil
  }

  /// The value of a key; nil when it has none.
  func value(_ key: Key) throws(StoreError) -> String? {
    if let entry = journalled(key) { return entry.value }
    return try table?.value(key)
  }

  /// Takes in the next group of the last journal.
  mutating func add(_ records: [(key: Key, entry: Entry)], size: Int) {
    let last = segments.count - 1
    for record in records {
      segments[last].entries.set(record.key, record.entry)
      if isWatched(record.key) { version += 1 }
    }
    end += size
  }

  private func isWatched(_ key: Key) -> Bool {
    watched.contains { beginning in
      // The first byte tells nearly all of them apart.
      beginning.isEmpty
        || (key.bytes.first == beginning[0] && key.bytes.starts(with: beginning))
    }
  }
}
