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
