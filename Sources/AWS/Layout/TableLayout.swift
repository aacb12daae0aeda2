import Store

/// Where the items of a store are in its table.
///
/// - `SPACE/meta`: what all who open the store must agree on, and its writers
/// - `SPACE/version`: the number of changes of watched keys
/// - `SPACE/d/SHARD`, sorted by key: a record, see ``StoredRecord``
/// - `SPACE/w/WRITER`: the number of the writer's last commit, and its time
/// - `SPACE/l/WRITER`, sorted by the commit's number: what the commit changed, see ``LogEntry``
/// - `SPACE/c/WRITER.COMMIT`, sorted by the number of the text and of the part: a part of a long text
///
/// The partition of a record is chosen by a digest of its key, so that keys that are written together,
/// such as those of today's events, are spread over all partitions, and none of them carries more than
/// its share: 16 of them take 16,000 writes a second. The keys of a group, such as the effects of one
/// run, are in one partition, so that they are read with one request. Each writer has its own log and
/// head, and no item is written by all.
struct TableLayout: Sendable {
  let space: String
  /// The number of partitions for records, which never changes.
  let shards: Int
  /// The prefixes of keys that are kept together by the part that follows, up to a slash.
  let groups: [String]

  var meta: ItemKey { ItemKey("\(space)/meta") }
  var version: ItemKey { ItemKey("\(space)/version") }
  var allShards: [String] { (0..<shards).map { "\(space)/d/\($0)" } }

  func head(_ writer: Int) -> ItemKey { ItemKey("\(space)/w/\(writer)") }

  func log(_ writer: Int) -> String { "\(space)/l/\(writer)" }

  func log(_ writer: Int, _ sequence: Int) -> ItemKey {
    ItemKey(log(writer), Self.ordered(sequence, 18))
  }

  func chunks(_ writer: Int, _ sequence: Int) -> String { "\(space)/c/\(writer).\(sequence)" }

  func chunk(_ reference: ChunkReference, _ part: Int) -> ItemKey {
    ItemKey(
      chunks(reference.writer, reference.sequence),
      "\(Self.ordered(reference.index, 6)).\(Self.ordered(part, 6))")
  }

  func record(_ key: Key) -> ItemKey {
    ItemKey("\(space)/d/\(shard(of: group(of: key.bytes) ?? key.bytes[...]))", key.text)
  }

  /// The partitions that can have keys in the bounds of a scan.
  func partitions(in bounds: KeyBounds) -> [String] {
    guard let group = group(of: bounds.from.bytes), group.count < bounds.from.bytes.count,
      let upTo = bounds.upTo, upTo <= Key(group + [UInt8(ascii: "/") + 1])
    else { return allShards }
    return ["\(space)/d/\(shard(of: group))"]
  }

  /// The part of a key that its group has in common: the prefix and what follows it up to a slash.
  private func group(of key: [UInt8]) -> ArraySlice<UInt8>? {
    guard let prefix = groups.first(where: { key.starts(with: $0.utf8) }) else { return nil }
    let rest = key.dropFirst(prefix.utf8.count)
    return key.prefix(key.count - rest.count + rest.prefix { $0 != UInt8(ascii: "/") }.count)
  }

  /// FNV-1a of 64 bits, mixed, which must never change.
  private func shard(of bytes: ArraySlice<UInt8>) -> Int {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    digest = (digest ^ (digest >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return Int((digest >> 33) % UInt64(shards))
  }

  /// A number as a text with leading zeros, so that the order of texts is that of numbers.
  private static func ordered(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
