import Glibc

/// A key as bytes, which define its order and identity.
///
/// `String` compares by Unicode's canonical equivalence, but keys that differ in one byte must differ.
package struct Key: Hashable, Sendable {
  /// The maximum size in bytes.
  static let limit = 1024

  package let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// Creates a key from a text.
  /// - Throws: `badKey` if the text is empty, too long, or contains a control character.
  package init(checking text: String) throws(StoreError) {
    bytes = Array(text.utf8)
    guard !bytes.isEmpty else { throw .badKey("the key is empty") }
    guard bytes.count <= Self.limit else {
      throw .badKey("\(bytes.count) bytes exceed the limit of \(Self.limit)")
    }
    guard !hasControlCharacter(bytes) else {
      throw .badKey("the key contains a control character, such as a tab or a newline")
    }
  }

  /// Creates the bound of a range from any text.
  ///
  /// No key has a byte below the space, so a bound can end with a space at the first such byte.
  init(bound: some Collection<UInt8>) {
    let plain = bound.prefix { $0 >= 0x20 }
    bytes = plain.count == bound.count ? Array(plain) : plain + [0x20]
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The first key after all keys that begin with this one; nil if all keys do.
  ///
  /// UTF-8 has no byte 0xFF, so incrementing the last byte cannot overflow.
  var afterPrefix: Key? {
    guard let last = bytes.last else { return nil }
    return Key(bytes.dropLast() + [last + 1])
  }

  package func begins(withAnyOf prefixes: [[UInt8]]) -> Bool {
    prefixes.contains { prefix in
      // The first byte alone rejects nearly all keys.
      prefix.isEmpty || (bytes.first == prefix[0] && bytes.starts(with: prefix))
    }
  }
}

extension Key {
  /// Hashes the checksum, which is faster than hashing each byte.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(bytes.withUnsafeBytes { Checksum.of($0) })
  }
}

extension Key: Comparable {
  package static func < (left: Key, right: Key) -> Bool {
    left.bytes.withUnsafeBytes { a in right.bytes.withUnsafeBytes { b in compareBytes(a, b) < 0 } }
  }
}

/// Compares bytes: the result is negative, zero or positive as the left come before, equal or come
/// after the right.
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
  let common = min(left.count, right.count)
  if common > 0, let a = left.baseAddress, let b = right.baseAddress {
    let difference = memcmp(a, b, common)
    if difference != 0 { return Int(difference) }
  }
  return left.count - right.count
}

/// Whether UTF-8 contains a control character: below U+0020, or from U+007F to U+009F.
private func hasControlCharacter(_ bytes: [UInt8]) -> Bool {
  var previous: UInt8 = 0
  for byte in bytes {
    if byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return true }
    previous = byte
  }
  return false
}
