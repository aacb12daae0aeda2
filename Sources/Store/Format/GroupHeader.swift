/// The first line of a commit group, valid and at the position that it states.
struct GroupHeader {
  /// The offset of the first record.
  let next: Int
  /// The offset of the end of the group.
  let end: Int
  /// The number of records.
  let records: Int

  init?(_ bytes: UnsafeRawBufferPointer, at offset: Int, position: Int) {
    guard let line = Line(in: bytes, at: offset), line.kind == .group,
      let numbers = line.numbers(), numbers.count == 3, numbers[0] == position
    else { return nil }
    next = line.next
    end = line.next + numbers[1]
    records = numbers[2]
  }
}
