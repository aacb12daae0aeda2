/// A text after encodings of it were undone, with the place of each byte in the original.
struct DecodedText {
  /// What no byte of a text is: the end of a part that was decoded by itself.
  static let gap: UInt8 = 0xFF

  private(set) var bytes: [UInt8] = []
  private var starts: [Int] = []
  private var ends: [Int] = []

  /// A text as it is.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    starts = Array(bytes.indices)
    ends = bytes.indices.map { $0 + 1 }
  }

  /// An empty text.
  init() {}

  /// Appends a byte that stands for the bytes of another text in a range that is not empty.
  mutating func append(_ byte: UInt8, for range: Range<Int>, of text: DecodedText) {
    bytes.append(byte)
    starts.append(text.starts[range.lowerBound])
    ends.append(text.ends[range.upperBound - 1])
  }

  /// Ends a part.
  mutating func appendGap() {
    guard let last = bytes.last, last != Self.gap else { return }
    bytes.append(Self.gap)
    starts.append(ends[ends.count - 1])
    ends.append(ends[ends.count - 1])
  }

  /// Appends some bytes of another text.
  mutating func append(_ range: Range<Int>, of text: DecodedText) {
    bytes += text.bytes[range]
    starts += text.starts[range]
    ends += text.ends[range]
  }

  /// The place in the original of a range that is not empty.
  func place(of range: Range<Int>) -> Range<Int> {
    let start = starts[range].min() ?? 0
    return start..<max(start, ends[range].max() ?? 0)
  }
}
