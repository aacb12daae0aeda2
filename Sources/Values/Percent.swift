/// Percent-encoding after RFC 3986, both ways.
public enum Percent {
  /// Encodes all bytes but the unreserved characters; a space becomes `space`.
  static func encode(_ bytes: some Sequence<UInt8>, space: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      if isUnreserved(byte) {
        text.append(byte)
      } else if byte == UInt8(ascii: " ") {
        text += space
      } else {
        text += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 15)]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Decodes the escapes; nil for a broken escape, broken UTF-8 or a NUL.
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

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
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
  /// The text as one segment of a URL's path: all but RFC 3986's unreserved characters encoded, and
  /// the dots of `.` and `..`, which would lead to another path.
  public var percentEncoded: String {
    if self == "." || self == ".." { return String(repeating: "%2E", count: utf8.count) }
    guard !utf8.allSatisfy(Percent.isUnreserved) else { return self }
    return Percent.encode(utf8, space: Array("%20".utf8))
  }

  /// The text of which this is the percent-encoded form, or nil if it is none.
  public var percentDecoded: String? { Percent.decode(utf8) }
}

extension UInt8 {
  /// The value of a hexadecimal digit; nil for another character.
  public var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x41 + 10
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }
}
