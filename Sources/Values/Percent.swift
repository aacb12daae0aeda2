/// Percent-encoding (RFC 3986).
public enum Percent {
  /// Encodes all bytes except the unreserved characters; a space becomes `space`.
  static func encode(_ bytes: some Sequence<UInt8>, space: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      if isUnreserved(byte) {
        text.append(byte)
      } else if byte == UInt8(ascii: " ") {
        text += space
      } else {
        text += [
          UInt8(ascii: "%"), .hexDigit(byte >> 4, isUppercase: true),
          .hexDigit(byte & 15, isUppercase: true),
        ]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Decodes the escapes; nil if an escape or the UTF-8 is invalid, or the text has a NUL.
  public static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
    var plain: [UInt8] = []
    var rest = bytes.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
        plain.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: plain.append(UInt8(ascii: " "))
      default: plain.append(byte)
      }
    }
    return plain.contains(0) ? nil : String(validating: plain, as: UTF8.self)
  }

  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension String {
  /// The text as one segment of a URL path.
  ///
  /// Everything except the unreserved characters of RFC 3986 is encoded, and so are the segments `.`
  /// and `..`, which would lead to another path.
  public var percentEncoded: String {
    if self == "." || self == ".." { return String(repeating: "%2E", count: utf8.count) }
    guard !utf8.allSatisfy(Percent.isUnreserved) else { return self }
    return Percent.encode(utf8, space: Array("%20".utf8))
  }

  /// The text as one or more segments of a URL path: as ``percentEncoded``, but slashes stay.
  public var percentEncodedPath: String {
    guard utf8.contains(UInt8(ascii: "/")) else { return percentEncoded }
    return split(separator: "/", omittingEmptySubsequences: false)
      .map { String($0).percentEncoded }.joined(separator: "/")
  }

  /// Whether two texts have the same bytes; `==` takes `é` and its decomposed form as equal.
  public func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Whether the text begins with these bytes; `hasPrefix` compares as `==` does.
  public func beginsWithBytes(of start: String) -> Bool { utf8.starts(with: start.utf8) }

  /// The bytes, as a key by which a set or a dictionary tells ids apart that `==` does not.
  public var byteKey: [UInt8] { Array(utf8) }

  /// The text that this is the percent-encoded form of; nil if it is not one.
  public var percentDecoded: String? { Percent.decode(utf8) }
}

extension Sequence<String> {
  /// Whether one of the texts has the same bytes.
  public func containsBytes(of text: String) -> Bool { contains { $0.hasBytes(of: text) } }

  /// The texts once each, told apart and sorted by their bytes.
  public var distinctByBytes: [String] {
    Set(map(\.byteKey)).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

extension String? {
  /// Whether both are texts with the same bytes, or both are nil.
  public func hasBytes(of other: String?) -> Bool { self?.byteKey == other?.byteKey }
}
