/// A table and what the journals after it say, on their way into a new table.
///
/// A line of the table of which the journals say nothing is copied as it is, once it is found good.
struct Merge {
  private let table: Table?
  private let keep: ((_ key: String, _ value: String) -> Bool)?
  private var mentions: Scan
  private var mention: (key: Key, entry: Entry)?

  init(_ old: View, _ keep: ((String, String) -> Bool)?) throws(StoreError) {
    var journals = old
    journals.table = nil
    table = old.table
    self.keep = keep
    mentions = try Scan(journals, KeyRange(from: Key([]), upTo: nil, isReversed: false))
    mention = try mentions.nextMention()
  }

  /// Writes all that is to stay.
  mutating func write(to draft: inout Draft) throws(StoreError) {
    var offset = 0
    while let table, offset < table.end {
      let (line, bytes) = try table.goodLine(at: offset)
      offset = line.next
      if try !writeMentions(upTo: line.key, to: &draft) { try copy(line, bytes, to: &draft) }
    }
    while try writeMention(to: &draft) {}
  }

  // MARK: Private

  /// Writes what the journals say of keys up to one of the table's.
  /// - Returns: Whether they say something of that one.
  private mutating func writeMentions(
    upTo key: UnsafeRawBufferPointer, to draft: inout Draft
  ) throws(StoreError) -> Bool {
    while let mention {
      let difference = mention.key.bytes.withUnsafeBytes { order($0, key) }
      guard difference <= 0 else { return false }
      _ = try writeMention(to: &draft)
      if difference == 0 { return true }
    }
    return false
  }

  /// Writes what the journals say next.
  /// - Returns: Whether they say more.
  private mutating func writeMention(to draft: inout Draft) throws(StoreError) -> Bool {
    guard let (key, entry) = mention else { return false }
    if let value = entry.value, keep?(key.text, value) ?? true { try draft.add(key, value) }
    mention = try mentions.nextMention()
    return true
  }

  private func copy(
    _ line: Line, _ bytes: UnsafeRawBufferPointer, to draft: inout Draft
  ) throws(StoreError) {
    if let keep, let value = line.value {
      guard keep(String(decoding: line.key, as: UTF8.self), value) else { return }
    }
    try draft.add(bytes)
  }
}
