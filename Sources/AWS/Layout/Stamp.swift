/// What a commit leaves in every record that it writes: which commit it was.
struct Stamp: Hashable, Sendable {
  /// Greater than the clocks of all commits that its writer had seen (a Lamport clock).
  let clock: Int
  /// The number of the writer: an open store of one process.
  let writer: Int
  /// The number of the commit of this writer, from 1 and without a gap.
  let sequence: Int

  init(clock: Int, writer: Int, sequence: Int) {
    (self.clock, self.writer, self.sequence) = (clock, writer, sequence)
  }
}

extension Stamp: LosslessStringConvertible {
  init?(_ text: String) {
    let numbers = text.split(separator: ".").compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    self.init(clock: numbers[0], writer: numbers[1], sequence: numbers[2])
  }

  var description: String { "\(clock).\(writer).\(sequence)" }
}

extension Stamp: Comparable {
  static func < (one: Stamp, other: Stamp) -> Bool {
    (one.clock, one.writer, one.sequence) < (other.clock, other.writer, other.sequence)
  }
}
