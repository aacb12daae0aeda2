/// The records of one table or one journal in a range, one after the other.
struct Cursor: Sendable {
  private enum Source: Sendable {
    case journal(SortedMap<Entry>, SortedMap<Entry>.Place)
    case table(Table, offset: Int)
  }

  private let range: KeyRange
  private var source: Source
  /// The record it is at; nil at the end.
  private(set) var head: (key: Key, entry: Entry)?

  init(_ segment: Segment, _ range: KeyRange) throws(StoreError) {
    let entries = segment.entries
    let place = range.start.map { entries.place(of: $0) } ?? entries.end
    self.range = range
    source = .journal(entries, place)
    try advance()
  }

  init(_ table: Table, _ range: KeyRange) throws(StoreError) {
    var offset = table.end
    if let start = range.start { offset = try table.offset(of: start) }
    self.range = range
    source = .table(table, offset: offset)
    try advance()
  }

  mutating func advance() throws(StoreError) {
    head = try next()
    if let key = head?.key, !range.contains(key) { head = nil }
  }

  // MARK: Private

  private mutating func next() throws(StoreError) -> (key: Key, entry: Entry)? {
    switch source {
    case .journal(let entries, var place):
      let next = range.isReversed ? entries.previous(&place) : entries.next(&place)
      source = .journal(entries, place)
      return next.map { ($0.key, $0.value) }
    case .table(let table, let offset):
      guard range.isReversed ? offset > 0 : offset < table.end else { return nil }
      let start = range.isReversed ? table.offset(before: offset) : offset
      let record = try table.record(at: start)
      source = .table(table, offset: range.isReversed ? start : record.next)
      return (record.key, record.entry)
    }
  }
}
