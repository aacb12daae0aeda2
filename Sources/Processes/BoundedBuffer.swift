/// Bytes up to a limit; what exceeds it is dropped.
struct BoundedBuffer {
  private(set) var bytes: [UInt8] = []
  /// Whether bytes were dropped.
  private(set) var isExceeded = false
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func append(_ part: Slice<UnsafeMutableRawBufferPointer>) {
    let room = limit - bytes.count
    bytes += part.prefix(room)
    if part.count > room { isExceeded = true }
  }

  /// Whether the bytes are one whole line.
  var isLine: Bool {
    !isExceeded && bytes.last == 0x0A && bytes.firstIndex(of: 0x0A) == bytes.count - 1
  }

  /// Removes and returns all bytes.
  mutating func take() -> [UInt8] {
    defer { self = BoundedBuffer(limit: limit) }
    return bytes
  }
}
