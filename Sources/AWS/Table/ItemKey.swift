/// The primary key of an item: its partition, and its place in the order of the partition.
struct ItemKey: Sendable {
  let partition: String
  let sort: String

  init(_ partition: String, _ sort: String = "-") {
    (self.partition, self.sort) = (partition, sort)
  }
}

/// Two keys are the same if their bytes are, which `String` does not compare.
extension ItemKey: Hashable {
  static func == (one: ItemKey, other: ItemKey) -> Bool {
    one.partition.utf8.elementsEqual(other.partition.utf8)
      && one.sort.utf8.elementsEqual(other.sort.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in partition.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
    for byte in sort.utf8 { hasher.combine(byte) }
  }
}
