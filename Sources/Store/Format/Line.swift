import Glibc

/// The byte that ends a line.
let newline = UInt8(ascii: "\n")
/// The byte between a key and its value.
let tab = UInt8(ascii: "\t")

/// A line of a journal or a table, with a valid checksum.
///
///     5f2c19ab @7300 96 2                       start of a group: position, bytes, records
///     0e1df001 +link/customer/cus_1 ⇥ {"…"}     value of a key
///     77aa0c3e -run/17                          removal of a key
///     c00ffee5 =7396 1000000 88000000 2613233376  end of a table: position, records, bytes, checksum
///
/// The eight hex digits are the CRC-32C of the bytes after the first space.
struct Line {
  enum Kind: UInt8 {
    case put = 0x2B  // +
    case remove = 0x2D  // -
    case group = 0x40  // @
    case end = 0x3D  // =
  }

  /// The bytes before the content: checksum, space and kind.
  static let prefixSize = 10

  let kind: Kind
  /// The bytes between the kind and the newline, valid as long as those they were read from.
  let content: UnsafeRawBufferPointer
  /// The offset of the next line.
  let next: Int

  /// Reads the line at an offset; nil if it is damaged or incomplete.
  init?(in bytes: UnsafeRawBufferPointer, at offset: Int) {
    let end = bytes.endOfLine(from: offset)
    guard offset >= 0, end < bytes.count, end - offset >= Self.prefixSize,
      bytes[offset + 8] == UInt8(ascii: " "),
      let kind = Kind(rawValue: bytes[offset + 9]),
      let checksum = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 8]).number(radix: 16),
      checksum == Int(Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[offset + 9..<end])))
    else { return nil }
    self.kind = kind
    content = UnsafeRawBufferPointer(rebasing: bytes[offset + Self.prefixSize..<end])
    next = end + 1
  }

  /// The content as numbers separated by single spaces; nil if it is anything else.
  func numbers() -> [Int]? {
    var numbers: [Int] = []
    for word in content.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
      guard let number = UnsafeRawBufferPointer(rebasing: word).number(radix: 10) else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The bytes of the key of a record.
  var key: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: content[..<(endOfKey ?? content.count)])
  }

  /// The value of a record; nil for a line of another kind.
  var value: String? {
    guard kind == .put, let end = endOfKey else { return nil }
    let value = UnsafeRawBufferPointer(rebasing: content[(end + 1)...])
    return String(decoding: value, as: UTF8.self)
  }

  /// The record; nil for a line of another kind.
  func record() -> (key: Key, entry: Entry)? {
    switch kind {
    case .remove: return (Key(content), .removed)
    case .put:
      guard let end = endOfKey else { return nil }
      let value = UnsafeRawBufferPointer(rebasing: content[(end + 1)...])
      return (Key(content[..<end]), .value(String(decoding: value, as: UTF8.self)))
    case .group, .end: return nil
    }
  }

  /// The offset of the tab in the content; nil without a tab.
  private var endOfKey: Int? {
    guard let base = content.baseAddress, let found = memchr(base, Int32(tab), content.count)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
