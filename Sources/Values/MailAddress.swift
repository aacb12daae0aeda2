/// An e-mail address that can stand in a header and in an SMTP command as it is: `ops@acme.example`.
///
/// It is printable ASCII with one `@`, no quoted part and no comment; an international domain is given
/// in its ASCII form (`xn--…`).
public struct MailAddress: Sendable, Hashable {
  /// The address.
  public let text: String

  /// The part after the `@`.
  public var domain: String { text.split(separator: "@").last.map(String.init) ?? "" }

  /// The longest address (RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets).
  private static let maxLength = 254

  /// Reads an address; nil if it is not one.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= Self.maxLength,
      (1...64).contains(parts[0].count), parts[0].allSatisfy(Self.isInLocalPart),
      parts[0].first != UInt8(ascii: "."), parts[0].last != UInt8(ascii: "."),
      Self.isDomain(parts[1])
    else { return nil }
    self.text = text
  }

  private static func isDomain(_ domain: Substring.UTF8View) -> Bool {
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
        && label.first != 0x2D && label.last != 0x2D
    }
  }

  /// Whether a byte is an `atext` or a dot (RFC 5322, 3.2.3).
  private static func isInLocalPart(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || ".!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
