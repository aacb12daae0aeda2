import Dispatch
import Store
import Synchronization

/// The records of one moment in the order of their keys: a merge of pages of each partition.
///
/// Pages are read when they are needed, of all partitions at once, and grow from 16 records to 1,000. A
/// record that was written after the moment is read as it was before, by the logs.
///
/// Requests: one for each page of each partition in the range, one for each later commit that wrote a record
/// of it, and one for each value that is too long for an item.
struct ScanCursor: RecordCursor {
  private struct Shard {
    let partition: String
    var page: ArraySlice<StoredRecord> = []
    var last: ItemKey?
    var isOver = false
  }

  private let records: RecordTable
  private let known: KnownRecords
  private let history: History
  private let cut: Cut
  private let bounds: KeyBounds
  private let range: SortRange
  private var shards: [Shard]
  private var limit = 16

  init(
    _ records: RecordTable, _ known: KnownRecords, _ cut: Cut, _ keys: KeyRange,
    reversed: Bool = false
  ) throws(AWSError) {
    (self.records, self.known, self.cut) = (records, known, cut)
    bounds = KeyBounds(keys, reversed: reversed)
    history = History(records)
    range = SortRange(keys, bounds) ?? .all
    let isEmpty = SortRange(keys, bounds) == nil
    shards = isEmpty ? [] : records.layout.partitions(in: bounds).map { Shard(partition: $0) }
    try fill()
  }

  mutating func next() throws(StoreError) -> Record? {
    do throws(AWSError) {
      while let (record, version) = try nextVersion() {
        if let value = try records.value(of: version) {
          return Record(key: record.key.text, value: value)
        }
      }
      return nil
    } catch {
      throw StoreError(error)
    }
  }

  /// The next record and its version of the moment, which may be its removal.
  mutating func nextVersion() throws(AWSError) -> (record: StoredRecord, version: ContentVersion)? {
    while let record = try nextRecord() {
      guard bounds.contains(record.key) else { continue }
      let version = try history.version(of: record) { cut.contains($0) }
      guard let version else { continue }
      known.note(version.stamp)
      return (record, version)
    }
    return nil
  }

  // MARK: Private

  private mutating func nextRecord() throws(AWSError) -> StoredRecord? {
    if shards.contains(where: { $0.page.isEmpty && !$0.isOver }) { try fill() }
    var nearest: (index: Int, key: Key)?
    for (index, shard) in shards.enumerated() {
      guard let key = shard.page.first?.key else { continue }
      guard let other = nearest else {
        nearest = (index, key)
        continue
      }
      if bounds.isReversed ? key > other.key : key < other.key { nearest = (index, key) }
    }
    guard let nearest else { return nil }
    return shards[nearest.index].page.popFirst()
  }

  /// Reads the next page of each partition that has less than a fourth of one left.
  private mutating func fill() throws(AWSError) {
    while shards.contains(where: { $0.page.isEmpty && !$0.isOver }) {
      let short = shards.indices.filter { !shards[$0].isOver && shards[$0].page.count <= limit / 4 }
      let pages = try Self.parallel(short.map { shards[$0] }) { [self] shard throws(AWSError) in
        try records.table.query(
          shard.partition, range, after: shard.last, limit: limit, reversed: bounds.isReversed)
      }
      for (index, page) in zip(short, pages) {
        for item in page.items { shards[index].page.append(try StoredRecord(item)) }
        shards[index].last = page.last
        shards[index].isOver = page.last == nil
      }
      limit = min(limit * 4, 1000)
    }
  }

  /// Does the same with several values at once.
  private static func parallel<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ body: @escaping @Sendable (Input) throws(AWSError) -> Output
  ) throws(AWSError) -> [Output] {
    guard inputs.count > 1 else { return try inputs.map(body) }
    let outcomes = Mutex<[Int: Result<Output, AWSError>]>([:])
    let group = DispatchGroup()
    for (index, input) in inputs.enumerated() {
      DispatchQueue.global().async(group: group) {
        let outcome = Result { () throws(AWSError) in try body(input) }
        outcomes.withLock { $0[index] = outcome }
      }
    }
    group.wait()
    let all = outcomes.withLock { $0 }
    return try inputs.indices.map { index throws(AWSError) in
      guard let outcome = all[index] else {
        throw .transient("a page was not read", inDoubt: false)
      }
      return try outcome.get()
    }
  }
}

extension SortRange {
  /// The least range of sort keys that has all keys of a scan; nil if there can be none.
  ///
  /// A sort key has 1,024 bytes at most, so a longer bound is cut; the scan checks each key itself.
  init?(_ keys: KeyRange, _ bounds: KeyBounds) {
    switch keys {
    case .prefix(""): self = .all
    case .prefix(let prefix):
      guard prefix.utf8.count <= 1024, prefix.utf8.allSatisfy({ $0 >= 0x20 }) else { return nil }
      self = .prefix(prefix)
    case .bounds:
      if let upTo = bounds.upTo, upTo <= bounds.from { return nil }
      let from = bounds.from.bytes.isEmpty ? nil : Self.whole(bounds.from)
      self = .bounds(from: from, to: bounds.upTo.map(Self.whole))
    }
  }

  private static func whole(_ key: Key) -> String {
    var bytes = key.bytes.prefix(1024)
    while let next = key.bytes.dropFirst(bytes.count).first, next & 0xC0 == 0x80 {
      bytes.removeLast()
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
