import Glibc

/// The byte that ends a line.
let newline = UInt8(ascii: "\n")
/// The byte between a key and its value.
let tab = UInt8(ascii: "\t")

/// A line of a journal or of a table, found good.
///
///     5f2c19ab @7300 96 2                       a group begins: its position, bytes and records
///     0e1df001 +link/customer/cus_1 ⇥ {"…"}     a key has a value
///     77aa0c3e -run/17                          a key is removed
///     c00ffee5 =7396 1000000 88000000 2613233376  a table ends: position, records, bytes, checksum
///
/// Eight hex digits are the CRC-32C of all that comes after them and a space.
struct Line {
  enum Kind: UInt8 {
    case put = 0x2B  // +
    case remove = 0x2D  // -
    case group = 0x40  // @
    case end = 0x3D  // =
  }

  /// How far into a line its content begins: after checksum, space and kind.
  static let head = 10

  let kind: Kind
  /// What is between the kind and the newline; good for as long as the bytes it was read from.
  let content: UnsafeRawBufferPointer
  /// Where the next line begins.
  let next: Int

  /// The line that begins at an offset; nil when it is damaged or not there as a whole.
  init?(in bytes: UnsafeRawBufferPointer, at offset: Int) {
    let end = endOfLine(in: bytes, from: offset)
    guard offset >= 0, end < bytes.count, end - offset >= Self.head,
      bytes[offset + 8] == UInt8(ascii: " "),
      let kind = Kind(rawValue: bytes[offset + 9]),
      let stated = number(
        in: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 8]), radix: 16),
      stated == Int(Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[offset + 9..<end])))
    else { return nil }
    self.kind = kind
    content = UnsafeRawBufferPointer(rebasing: bytes[offset + Self.head..<end])
    next = end + 1
  }

  /// The content as numbers with a space between each two; nil when it is anything else.
  func numbers() -> [Int]? {
    var numbers: [Int] = []
    for word in content.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
      guard let value = number(in: UnsafeRawBufferPointer(rebasing: word), radix: 10) else {
        return nil
      }
      numbers.append(value)
    }
    return numbers
  }

  /// The value of the record that the line is; nil for a line of another kind.
  var value: String? {
    guard kind == .put, let end = endOfKey else { return nil }
    let value = UnsafeRawBufferPointer(rebasing: content[(end + 1)...])
    return String(decoding: value, as: UTF8.self)
  }

  /// The bytes of the record's key.
  var key: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: content[..<(endOfKey ?? content.count)])
  }

  /// How far into the content its key ends; nil where there is no tab.
  private var endOfKey: Int? {
    guard let base = content.baseAddress, let found = memchr(base, Int32(tab), content.count)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// The record that the line is; nil for a line of another kind.
  func record() -> (key: Key, entry: Entry)? {
    switch kind {
    case .remove: return (Key(content), .removed)
    case .put:
      guard let end = endOfKey else { return nil }
      let key = UnsafeRawBufferPointer(rebasing: content[..<end])
      let value = UnsafeRawBufferPointer(rebasing: content[(end + 1)...])
      return (Key(key), .value(String(decoding: value, as: UTF8.self)))
    case .group, .end: return nil
    }
  }
}
