import Glibc

/// A key as bytes, ordered by them: Swift's own order of texts, and its idea of equal ones, follow
/// Unicode's normal forms, and two keys that differ in a byte must differ here.
struct Key: Hashable, Sendable {
  /// The most bytes that a key may have.
  static let limit = 1024

  let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// A key that a store takes.
  /// - Throws: `badKey` for an empty or overlong text, and one with a control character.
  init(checking text: String) throws(StoreError) {
    bytes = Array(text.utf8)
    guard !bytes.isEmpty else { throw .badKey("a key cannot be empty") }
    guard bytes.count <= Self.limit else {
      throw .badKey("\(bytes.count) bytes are more than \(Self.limit)")
    }
    guard !hasControl(bytes) else {
      throw .badKey("it has a control character, such as a tab or a newline")
    }
  }

  /// Where a range of keys begins or ends, for any text: no key has a byte below a space, so one in
  /// a bound says as much as a space with nothing after it.
  init(bound: some Collection<UInt8>) {
    let plain = bound.prefix { $0 >= 0x20 }
    bytes = plain.count == bound.count ? Array(plain) : plain + [0x20]
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The first key that comes after all that begin with this one; nil when all do.
  ///
  /// No text has the byte 0xFF, so adding one to the last byte cannot overflow.
  var afterPrefix: Key? {
    guard let last = bytes.last else { return nil }
    return Key(bytes.dropLast() + [last + 1])
  }
}

extension Key {
  /// By the checksum, which is quicker than to hash byte by byte; those with the same are compared.
  func hash(into hasher: inout Hasher) {
    hasher.combine(bytes.withUnsafeBytes { Checksum.of($0) })
  }
}

extension Key: Comparable {
  static func < (left: Key, right: Key) -> Bool {
    left.bytes.withUnsafeBytes { a in right.bytes.withUnsafeBytes { b in order(a, b) < 0 } }
  }
}

/// Below, at or above zero as the first text comes before, with or after the second, by bytes.
func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
  let common = min(left.count, right.count)
  if common > 0, let a = left.baseAddress, let b = right.baseAddress {
    let difference = memcmp(a, b, common)
    if difference != 0 { return Int(difference) }
  }
  return left.count - right.count
}

/// Whether a text in UTF-8 has a control character: below U+0020, or from U+007F to U+009F.
private func hasControl(_ bytes: [UInt8]) -> Bool {
  var former: UInt8 = 0
  for byte in bytes {
    if byte < 0x20 || byte == 0x7f || (former == 0xc2 && byte < 0xa0) { return true }
    former = byte
  }
  return false
}
