import Values

/// Decodes the body of a chunked request.
///
/// Chunk extensions and trailers are skipped, within bounds.
struct ChunkedDecoder {
  private enum Part {
    case size
    case data(Int)
    case dataEnd
    case trailer
    case done
  }

  private(set) var body: [UInt8] = []
  private var part = Part.size
  private var line: [UInt8] = []
  private var trailers = 0
  private let limits: ServerLimits

  init(limits: ServerLimits) {
    self.limits = limits
  }

  /// Decodes bytes; returns the number consumed and whether the body is complete.
  mutating func take(_ bytes: ArraySlice<UInt8>) throws(RequestError) -> (taken: Int, isWhole: Bool)
  {
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

  private mutating func take(byte: UInt8) throws(RequestError) {
    line.append(byte)
    guard line.count <= 1024 else { throw RequestError(400, "a line between chunks is too long") }
    guard byte == UInt8(ascii: "\n") else {
      let isAfterReturn = line.dropLast().last == UInt8(ascii: "\r")
      guard !isAfterReturn else { throw RequestError(400, "a line must end in CR LF") }
      return
    }
    guard line.dropLast().last == UInt8(ascii: "\r") else {
      throw RequestError(400, "a line must end in CR LF")
    }
    let text = line.dropLast(2)
    line = []
    try take(line: text)
  }

  private mutating func take(line: ArraySlice<UInt8>) throws(RequestError) {
    switch part {
    case .size:
      let size = try size(line)
      guard size <= limits.body - body.count else {
        throw RequestError(413, "the body is too long")
      }
      part = size == 0 ? .trailer : .data(size)
    case .dataEnd:
      guard line.isEmpty else { throw RequestError(400, "a chunk is longer than its size") }
      part = .size
    case .trailer:
      trailers += line.count
      guard trailers <= limits.head else { throw RequestError(431, "the trailers are too long") }
      if line.isEmpty { part = .done }
    case .data, .done: break
    }
  }

  private func size(_ line: ArraySlice<UInt8>) throws(RequestError) -> Int {
    let digits = line.prefix { $0 != UInt8(ascii: ";") }
    guard (1...15).contains(digits.count) else { throw RequestError(400, "a chunk has no size") }
    var size = 0
    for digit in digits {
      guard let value = digit.hexValue else { throw RequestError(400, "a chunk has no size") }
      size = size << 4 | Int(value)
    }
    return size
  }
}
