/// Records in the order of their keys, as they were when the scan began: what is written or
/// compacted afterwards does not change it.
///
/// It holds on to the journals' records, not to the table's.
///
///     var scan = try store.scan(prefix: "run/")
///     while let record = try scan.next() { … }
public struct Scan: Sendable {
  /// One a table or journal, the newest first.
  private var cursors: [Cursor] = []
  private let isReversed: Bool

  init(_ view: View, _ range: KeyRange) throws(StoreError) {
    isReversed = range.isReversed
    for segment in view.segments.reversed() { cursors.append(try Cursor(segment, range)) }
    if let table = view.table { cursors.append(try Cursor(table, range)) }
  }

  /// The next record; nil at the end.
  /// - Throws: `damaged` when the next line of the table cannot be trusted.
  public mutating func next() throws(StoreError) -> Record? {
    guard let (key, value) = try nextEntry() else { return nil }
    return Record(key: key.text, value: value)
  }

  // MARK: Private

  /// The next key that has a value, as the newest that mentions it has it.
  mutating func nextEntry() throws(StoreError) -> (key: Key, value: String)? {
    while let (key, entry) = try nextMention() {
      if let value = entry.value { return (key, value) }
    }
    return nil
  }

  /// The next key that is mentioned, with what the newest says of it.
  mutating func nextMention() throws(StoreError) -> (key: Key, entry: Entry)? {
    guard let (key, entry) = nearest() else { return nil }
    for index in cursors.indices where cursors[index].head?.key == key {
      try cursors[index].advance()
    }
    return (key, entry)
  }

  private func nearest() -> (key: Key, entry: Entry)? {
    var nearest: (key: Key, entry: Entry)?
    for case let head? in cursors.lazy.map(\.head) {
      guard let other = nearest else {
        nearest = head
        continue
      }
      if isReversed ? head.key > other.key : head.key < other.key { nearest = head }
    }
    return nearest
  }
}
