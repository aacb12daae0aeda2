extension UInt8 {
  /// The lower-case form of an ASCII letter; any other byte is unchanged.
  @inlinable
  package var lowercasedLetter: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

  /// Whether RFC 9110 allows the byte in a token, such as a method or a field name.
  @inlinable
  package var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}

extension StringProtocol {
  /// Compares two tokens: ASCII letters match in either case, other bytes exactly.
  @inlinable
  package func isSameToken(as other: some StringProtocol) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0 == $1 || $0.lowercasedLetter == $1.lowercasedLetter }
  }

  /// The text without leading and trailing spaces and tabs.
  package var trimmed: String { String(decoding: Array(utf8)[...].trimmed, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
  /// The bytes without leading and trailing spaces and tabs.
  package var trimmed: ArraySlice<UInt8> {
    var rest = self
    while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return rest
  }
}
