import Store

/// The records, logs and long texts of a store in its table.
struct RecordTable: Sendable {
  let table: DynamoDBTable
  let layout: TableLayout

  // MARK: Records

  func record(_ key: Key) throws(AWSError) -> StoredRecord {
    guard let item = try table.get(layout.record(key)) else { return StoredRecord(key, nil) }
    return try StoredRecord(item)
  }

  /// The records of keys, also those that do not exist.
  func records(_ keys: some Sequence<Key>) throws(AWSError) -> [Key: StoredRecord] {
    let places = Dictionary(keys.map { ($0, layout.record($0)) }) { one, _ in one }
    let items = try table.get(Array(places.values))
    var records: [Key: StoredRecord] = [:]
    for (key, place) in places {
      if let item = items[place] {
        records[key] = try StoredRecord(item)
      } else {
        records[key] = StoredRecord(key, nil)
      }
    }
    return records
  }

  /// The version that a record has now: what a long commit announced counts once it happened.
  func current(_ record: StoredRecord) throws(AWSError) -> ContentVersion? {
    guard let staged = record.staged, !staged.isCheck,
      let entry = try log(staged.version.stamp), !entry.isVoid
    else { return record.version }
    return staged.version
  }

  // MARK: Long texts

  /// The value of a version; nil if the record does not exist.
  func value(of version: ContentVersion?) throws(AWSError) -> String? {
    switch version?.content {
    case nil, .removed: return nil
    case .text(let value): return value
    case .chunks(let reference): return try text(at: reference)
    }
  }

  /// Writes texts that a commit is about to refer to, and returns their places.
  func write(_ texts: [String], of stamp: Stamp) throws(AWSError) -> [ChunkReference] {
    var items: [Item] = []
    var references: [ChunkReference] = []
    for (index, text) in texts.enumerated() {
      let parts = Self.parts(of: text)
      let reference = ChunkReference(
        writer: stamp.writer, sequence: stamp.sequence, index: index, count: parts.count)
      for (number, part) in parts.enumerated() {
        items.append(Item(layout.chunk(reference, number), ["v": .text(part)]))
      }
      references.append(reference)
    }
    try table.write(put: items)
    return references
  }

  func removeChunks(_ reference: ChunkReference) throws(AWSError) {
    try table.write(delete: (0..<reference.count).map { layout.chunk(reference, $0) })
  }

  private func text(at reference: ChunkReference) throws(AWSError) -> String {
    let places = (0..<reference.count).map { layout.chunk(reference, $0) }
    var text = ""
    let items = try table.get(places)
    for place in places {
      guard let part = items[place]?.text("v") else {
        throw .rejected("the text \(reference) is no longer kept")
      }
      text += part
    }
    return text
  }

  /// A text in parts that fit into items, divided between characters of Unicode.
  private static func parts(of text: String) -> [String] {
    var parts: [String] = []
    var rest = Array(text.utf8)[...]
    repeat {
      var end = min(rest.startIndex + DynamoDBTable.itemBytes, rest.endIndex)
      while end < rest.endIndex, rest[end] & 0xC0 == 0x80 { end -= 1 }
      parts.append(String(decoding: rest[..<end], as: UTF8.self))
      rest = rest[end...]
    } while !rest.isEmpty
    return parts
  }

  // MARK: Logs

  /// The entry of a commit; nil if it did not happen yet, or is no longer kept.
  func log(_ stamp: Stamp) throws(AWSError) -> LogEntry? {
    guard let item = try table.get(layout.log(stamp.writer, stamp.sequence)) else { return nil }
    return try entry(item, writer: stamp.writer, sequence: stamp.sequence)
  }

  /// The entries of a writer after a commit up to another, those that are kept.
  func logs(
    _ writer: Int, after first: Int, through last: Int
  ) throws(AWSError) -> [LogEntry] {
    guard first < last else { return [] }
    let range = SortRange.bounds(
      from: layout.log(writer, first + 1).sort, to: layout.log(writer, last).sort)
    return try entries(try table.all(layout.log(writer), range), writer)
  }

  /// Reads the items of a writer's entries.
  func entries(_ items: [Item], _ writer: Int) throws(AWSError) -> [LogEntry] {
    var entries: [LogEntry] = []
    for item in items {
      entries.append(try entry(item, writer: writer, sequence: Int(item.key.sort) ?? 0))
    }
    return entries
  }

  /// The item of an entry; its body is in chunks if `place` is given.
  func item(_ entry: LogEntry, body: String, at place: ChunkReference?) -> Item {
    Item(
      layout.log(entry.stamp.writer, entry.stamp.sequence),
      [
        "k": .number(entry.stamp.clock), "t": .number(entry.time),
        "b": place == nil ? .text(body) : nil, "c": place.map { .text("\($0)") },
      ])
  }

  /// The write that makes a commit impossible, unless it happened.
  func void(_ stamp: Stamp, time: Int) -> ItemWrite {
    .put(
      Item(
        layout.log(stamp.writer, stamp.sequence),
        ["k": .number(stamp.clock), "t": .number(time), "o": .number(1)]),
      if: .absent)
  }

  /// Whether the item of an entry says that the commit did not happen.
  static func isVoid(_ item: Item) -> Bool { item.number("o") != nil }

  private func entry(_ item: Item, writer: Int, sequence: Int) throws(AWSError) -> LogEntry {
    let stamp = Stamp(clock: item.number("k") ?? 0, writer: writer, sequence: sequence)
    let time = item.number("t") ?? 0
    if Self.isVoid(item) {
      var entry = LogEntry(stamp)
      (entry.isVoid, entry.time) = (true, time)
      return entry
    }
    if let reference = item.text("c").flatMap(ChunkReference.init) {
      return try LogEntry(stamp, body: try text(at: reference), time: time)
    }
    return try LogEntry(stamp, body: item.text("b") ?? "", time: time)
  }
}
