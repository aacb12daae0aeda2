extension Store {
  /// The records whose keys begin with a text, in the order of their keys' UTF-8 bytes.
  /// - Parameters:
  ///   - prefix: The text; the empty one stands for all records.
  ///   - reversed: Whether to begin at the last.
  /// - Returns: The scan.
  /// - Throws: `damaged`, `unavailable`.
  public func scan(prefix: String, reversed: Bool = false) throws(StoreError) -> Scan {
    let end = Key(prefix.utf8).afterPrefix.map { Key(bound: $0.bytes) }
    return try scan(KeyRange(from: Key(bound: prefix.utf8), upTo: end, isReversed: reversed))
  }

  /// The records from one key up to another, in the order of their keys' UTF-8 bytes.
  /// - Parameters:
  ///   - from: The first key, or the place where it would be.
  ///   - upTo: The first key left out; nil to go on to the end.
  ///   - reversed: Whether to begin at the last.
  /// - Returns: The scan.
  /// - Throws: `damaged`, `unavailable`.
  public func scan(
    from: String, upTo: String? = nil, reversed: Bool = false
  ) throws(StoreError) -> Scan {
    let end = upTo.map { Key(bound: $0.utf8) }
    return try scan(KeyRange(from: Key(bound: from.utf8), upTo: end, isReversed: reversed))
  }

  /// Some of the records whose keys begin with a text, all at once.
  /// - Parameters:
  ///   - prefix: The text; the empty one stands for all records.
  ///   - limit: The most records wanted.
  ///   - reversed: Whether to begin at the last.
  /// - Returns: The records, in the order of their keys or the reverse of it.
  /// - Throws: `damaged`, `unavailable`.
  public func records(
    prefix: String, limit: Int = .max, reversed: Bool = false
  ) throws(StoreError) -> [Record] {
    var scan = try scan(prefix: prefix, reversed: reversed)
    var records: [Record] = []
    while records.count < limit, let record = try scan.next() { records.append(record) }
    return records
  }

  private func scan(_ range: KeyRange) throws(StoreError) -> Scan {
    try Scan(current(), range)
  }
}
