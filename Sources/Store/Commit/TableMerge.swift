/// A merge of a table and the journals after it into a new table.
///
/// A line of the table whose key is in no journal is verified and copied without decoding.
struct TableMerge {
  private let table: Table?
  private let keep: ((_ key: String, _ value: String) -> Bool)?
  private var journals: SnapshotCursor
  /// The next entry of the journals.
  private var next: (key: Key, entry: Entry)?

  init(_ old: Snapshot, _ keep: ((String, String) -> Bool)?) throws(StoreError) {
    table = old.table
    self.keep = keep
    var withoutTable = old
    withoutTable.table = nil
    journals = try SnapshotCursor(withoutTable, KeyBounds(.prefix(""), reversed: false))
    next = try journals.nextEntry()
  }

  /// Writes all records that remain.
  mutating func write(to writer: inout TableWriter) throws(StoreError) {
    var offset = 0
    while let table, offset < table.end {
      let (line, bytes) = try table.verifiedLine(at: offset)
      offset = line.next
      if try !writeEntries(upTo: line.key, to: &writer) { try copy(line, bytes, to: &writer) }
    }
    while try writeEntry(to: &writer) {}
  }

  /// Writes the entries of the journals up to a key.
  /// - Returns: Whether they include the key.
  private mutating func writeEntries(
    upTo key: UnsafeRawBufferPointer, to writer: inout TableWriter
  ) throws(StoreError) -> Bool {
    while let next {
      let difference = next.key.bytes.withUnsafeBytes { compareBytes($0, key) }
      guard difference <= 0 else { return false }
      _ = try writeEntry(to: &writer)
      if difference == 0 { return true }
    }
    return false
  }

  /// Writes the next entry of the journals.
  /// - Returns: False if there is none.
  private mutating func writeEntry(to writer: inout TableWriter) throws(StoreError) -> Bool {
    guard let (key, entry) = next else { return false }
    if let value = entry.value, keep?(key.text, value) ?? true { try writer.add(key, value) }
    next = try journals.nextEntry()
    return true
  }

  private func copy(
    _ line: Line, _ bytes: UnsafeRawBufferPointer, to writer: inout TableWriter
  ) throws(StoreError) {
    if let keep, let value = line.value {
      guard keep(String(decoding: line.key, as: UTF8.self), value) else { return }
    }
    try writer.add(bytes)
  }
}
