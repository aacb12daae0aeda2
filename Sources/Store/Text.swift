import CChecksum
import Glibc

/// The offset of the newline that ends the line; the number of bytes when there is none.
func endOfLine(in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
  guard offset < bytes.count, let base = bytes.baseAddress,
    let found = memchr(base + offset, Int32(newline), bytes.count - offset)
  else { return bytes.count }
  return UnsafeRawPointer(found) - base
}

/// Whether a byte is among some.
func has(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return false }
  return memchr(base, Int32(byte), bytes.count) != nil
}

/// Whether there is nothing but newlines from an offset on: room that was made for lines to come.
func isBlank(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Bool {
  let count = bytes.count - offset
  guard count > 0, let start = bytes.baseAddress.map({ $0 + offset }) else { return true }
  // Each byte is the same as the one after it, and the first is a newline.
  return bytes[offset] == newline && memcmp(start, start + 1, count - 1) == 0
}

/// Where the line begins that the byte at an offset is in.
func startOfLine(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
  guard let base = bytes.baseAddress, let found = memrchr(base, Int32(newline), offset) else {
    return 0
  }
  return UnsafeRawPointer(found) - base + 1
}

/// A number of lower case digits and nothing else; nil for any other text, and for no text.
func number(in digits: UnsafeRawBufferPointer, radix: Int) -> Int? {
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
