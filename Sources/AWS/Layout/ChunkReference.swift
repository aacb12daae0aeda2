/// The place of a text that is too long for one item: some items of a partition that one commit wrote.
struct ChunkReference: Hashable, Sendable {
  let writer: Int
  let sequence: Int
  /// The number of the text among those of the commit.
  let index: Int
  /// The number of items.
  let count: Int
}

extension ChunkReference: LosslessStringConvertible {
  init?(_ text: String) {
    let numbers = text.split(separator: ".").compactMap { Int($0) }
    guard numbers.count == 4, numbers[3] > 0 else { return nil }
    (writer, sequence) = (numbers[0], numbers[1])
    (index, count) = (numbers[2], numbers[3])
  }

  var description: String { "\(writer).\(sequence).\(index).\(count)" }
}
