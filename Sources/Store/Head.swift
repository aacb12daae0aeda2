/// The first line of a group, found good and where it says it is.
struct Head {
  /// Where the first record begins.
  let next: Int
  /// Where the group ends.
  let end: Int
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
