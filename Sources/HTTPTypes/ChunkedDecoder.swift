import Values

/// Decodes the body of a chunked message.
///
/// Chunk extensions and trailers are skipped, within bounds.
package struct ChunkedDecoder {
  private enum Part {
    case size
    case data(Int)
    case dataEnd
    case trailer
    case done
  }

  /// The bytes decoded so far.
  package private(set) var body: [UInt8] = []
  private var part = Part.size
  private var line: [UInt8] = []
  private var trailers = 0
  private let maxBody: Int
  private let maxTrailers: Int

  /// A decoder of one body; both limits are in bytes.
  package init(maxBody: Int, maxTrailers: Int) {
    (self.maxBody, self.maxTrailers) = (maxBody, maxTrailers)
  }

  /// Decodes bytes; returns the number consumed and whether the body is complete.
  package mutating func take(
    _ bytes: ArraySlice<UInt8>
  ) throws(ChunkError) -> (taken: Int, isWhole: Bool) {
    var rest = bytes
    while let first = rest.first {
      switch part {
      case .done: return (bytes.count - rest.count, true)
      case .data(let left):
        let piece = rest.prefix(left)
        body += piece
        rest = rest.dropFirst(piece.count)
        part = piece.count == left ? .dataEnd : .data(left - piece.count)
      case .size, .dataEnd, .trailer:
        rest = rest.dropFirst()
        try take(byte: first)
      }
    }
    if case .done = part { return (bytes.count, true) }
    return (bytes.count, false)
  }

  private mutating func take(byte: UInt8) throws(ChunkError) {
    line.append(byte)
    guard line.count <= 1024 else { throw .malformed("a line between chunks is too long") }
    guard byte == UInt8(ascii: "\n") else {
      let isAfterReturn = line.dropLast().last == UInt8(ascii: "\r")
      guard !isAfterReturn else { throw .malformed("a line must end in CR LF") }
      return
    }
    guard line.dropLast().last == UInt8(ascii: "\r") else {
      throw .malformed("a line must end in CR LF")
    }
    let text = line.dropLast(2)
    line = []
    try take(line: text)
  }

  private mutating func take(line: ArraySlice<UInt8>) throws(ChunkError) {
    switch part {
    case .size:
      let size = try size(line)
      guard size <= maxBody - body.count else { throw .bodyTooLong }
      part = size == 0 ? .trailer : .data(size)
    case .dataEnd:
      guard line.isEmpty else { throw .malformed("a chunk is longer than its size") }
      part = .size
    case .trailer:
      trailers += line.count
      guard trailers <= maxTrailers else { throw .trailersTooLong }
      if line.isEmpty { part = .done }
    case .data, .done: break
    }
  }

  private func size(_ line: ArraySlice<UInt8>) throws(ChunkError) -> Int {
    let digits = line.prefix { $0 != UInt8(ascii: ";") }
    guard (1...15).contains(digits.count) else { throw .malformed("a chunk has no size") }
    var size = 0
    for digit in digits {
      guard let value = digit.hexValue else { throw .malformed("a chunk has no size") }
      size = size << 4 | Int(value)
    }
    return size
  }
}
