import Glibc

/// The offset of the newline that ends the line; the number of bytes when there is none.
func endOfLine(in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
  guard offset < bytes.count, let base = bytes.baseAddress,
    let found = memchr(base + offset, Int32(newline), bytes.count - offset)
  else { return bytes.count }
  return UnsafeRawPointer(found) - base
}

/// Where the line begins that the byte at an offset is in.
func startOfLine(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
  var start = offset
  while start >= 8, !hasNewline(bytes.loadUnaligned(fromByteOffset: start - 8, as: UInt64.self)) {
    start -= 8
  }
  while start > 0, bytes[start - 1] != newline { start -= 1 }
  return start
}

/// A number of lower case digits and nothing else; nil for any other text, and for no text.
func number(in digits: Slice<UnsafeRawBufferPointer>, radix: Int) -> Int? {
  guard !digits.isEmpty, digits.count < 19 else { return nil }
  var number = 0
  for byte in digits {
    let digit: Int
    switch byte {
    case 0x30...0x39: digit = Int(byte) - 0x30
    case 0x61...0x66 where radix == 16: digit = Int(byte) - 0x57
    default: return nil
    }
    number = number * radix + digit
  }
  return number
}

/// Whether one of eight bytes is a newline: a byte that is zero after the xor borrows from its top bit.
private func hasNewline(_ word: UInt64) -> Bool {
  let zeroed = word ^ 0x0a0a_0a0a_0a0a_0a0a
  return (zeroed &- 0x0101_0101_0101_0101) & ~zeroed & 0x8080_8080_8080_8080 != 0
}
