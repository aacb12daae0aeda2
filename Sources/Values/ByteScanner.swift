/// A position in bytes that moves forward; every read of a byte checks that there is one.
protocol ByteScanner {
  /// The bytes.
  var bytes: UnsafeBufferPointer<UInt8> { get }
  /// The position, from 0 to the number of bytes.
  var at: Int { get set }
}

extension ByteScanner {
  /// The byte at the position; nil at the end.
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  /// Moves past a byte if it is at the position.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    at += 1
    return true
  }

  /// Moves past the whitespace of JSON.
  mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
  }
}
