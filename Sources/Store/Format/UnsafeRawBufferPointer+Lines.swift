import CChecksum
import Glibc

extension UnsafeRawBufferPointer {
  /// The offset of the newline that ends a line; the number of bytes if there is none.
  func endOfLine(from offset: Int) -> Int {
    guard offset < count, let base = baseAddress,
      let found = memchr(base + offset, Int32(newline), count - offset)
    else { return count }
    return UnsafeRawPointer(found) - base
  }

  /// The offset at which the line begins that contains an offset.
  func startOfLine(at offset: Int) -> Int {
    guard let base = baseAddress, let found = memrchr(base, Int32(newline), offset) else {
      return 0
    }
    return UnsafeRawPointer(found) - base + 1
  }

  func containsByte(_ byte: UInt8) -> Bool {
    guard let base = baseAddress else { return false }
    return memchr(base, Int32(byte), count) != nil
  }

  /// Whether only newlines follow an offset: preallocated space.
  func isBlank(from offset: Int) -> Bool {
    let rest = count - offset
    guard rest > 0, let start = baseAddress.map({ $0 + offset }) else { return true }
    // The first byte is a newline, and each byte equals the next one.
    return self[offset] == newline && memcmp(start, start + 1, rest - 1) == 0
  }

  /// The number that the bytes spell in lower case digits; nil for any other text or none.
  func number(radix: Int) -> Int? {
    guard !isEmpty, count < 19 else { return nil }
    var number = 0
    for byte in self {
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
}
