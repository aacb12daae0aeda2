/// The content of a store at one journal position: a table and the entries of the journals after it.
///
/// A copy is not changed by later commits and compactions.
struct Snapshot: Sendable {
  var table: Table?
  /// The journals after the table, in order.
  var journals: [Journal] = []
  /// The position up to which the journals were read.
  var end: Int
  /// The key prefixes that `version` counts.
  var watchedPrefixes: [[UInt8]] = []
  /// The number of times that watched records may have changed.
  var version = 0

  /// The position up to which the table contains everything.
  var tablePosition: Int { table?.position ?? 0 }

  /// The file and the start of the journal that is written to.
  ///
  /// It is not the journal itself: adding entries to one with a second owner would copy them.
  var lastJournal: (file: File, start: Int)? { journals.last.map { ($0.file, $0.start) } }

  /// The newest entry of a key in the journals; nil if they have none.
  func journalEntry(for key: Key) -> Entry? {
    for journal in journals.reversed() {
      if let entry = journal.entries[key] { return entry }
    }
    return nil
  }

  /// The value of a key, or nil.
  func value(of key: Key) throws(StoreError) -> String? {
    if let entry = journalEntry(for: key) { return entry.value }
    return try table?.value(of: key)
  }

  /// Adds the records of the next group of the last journal.
  mutating func append(_ records: [(key: Key, entry: Entry)], size: Int) {
    let last = journals.count - 1
    for record in records {
      journals[last].entries.set(record.key, record.entry)
      if record.key.begins(withAnyOf: watchedPrefixes) { version += 1 }
    }
    end += size
  }
}
