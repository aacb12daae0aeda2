/// The entries of one table or one journal in a range.
struct RangeCursor: Sendable {
  private enum Source: Sendable {
    case entries(SortedMap<Entry>, SortedMap<Entry>.Position)
    case table(Table, offset: Int)
  }

  private let bounds: KeyBounds
  private var source: Source
  /// The current entry; nil at the end.
  private(set) var current: (key: Key, entry: Entry)?

  init(_ entries: SortedMap<Entry>, _ bounds: KeyBounds) throws(StoreError) {
    self.bounds = bounds
    source = .entries(entries, bounds.start.map { entries.position(of: $0) } ?? entries.end)
    try advance()
  }

  init(_ table: Table, _ bounds: KeyBounds) throws(StoreError) {
    var offset = table.end
    if let start = bounds.start { offset = try table.offset(of: start) }
    self.bounds = bounds
    source = .table(table, offset: offset)
    try advance()
  }

  mutating func advance() throws(StoreError) {
    current = try next()
    if let key = current?.key, !bounds.contains(key) { current = nil }
  }

  private mutating func next() throws(StoreError) -> (key: Key, entry: Entry)? {
    switch source {
    case .entries(let entries, var position):
      let next = bounds.isReversed ? entries.previous(&position) : entries.next(&position)
      source = .entries(entries, position)
      return next.map { ($0.key, $0.value) }
    case .table(let table, let offset):
      guard bounds.isReversed ? offset > 0 : offset < table.end else { return nil }
      let start = bounds.isReversed ? table.offset(before: offset) : offset
      let record = try table.record(at: start)
      source = .table(table, offset: bounds.isReversed ? start : record.next)
      return (record.key, record.entry)
    }
  }
}
