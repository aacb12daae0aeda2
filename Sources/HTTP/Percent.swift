/// Pairs as `application/x-www-form-urlencoded`.
public enum Form {
  /// The fields as one text, in their order; a space becomes a plus.
  public static func encode(_ fields: [Field]) -> String {
    fields.map { "\(part($0.name))=\(part($0.value))" }.joined(separator: "&")
  }

  /// The fields of a form or a query, in their order; nil where an escape or the UTF-8 is broken.
  public static func decode(_ bytes: some Collection<UInt8>) -> [Field]? {
    var fields: [Field] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let halves = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard
        let name = Percent.decode(halves[0], plusIsSpace: true),
        let value = halves.count > 1 ? Percent.decode(halves[1], plusIsSpace: true) : ""
      else { return nil }
      fields.append(Field(name, value))
    }
    return fields
  }

  // MARK: Private

  private static func part(_ text: String) -> String { Percent.encode(text.utf8, space: "+") }
}

/// Percent-encoding, both ways.
enum Percent {
  static func encode(_ bytes: some Sequence<UInt8>, space: String) -> String {
    var text = ""
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: " "): text += space
      default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }

  /// The text behind the escapes; nil for a broken escape, broken UTF-8 or a NUL.
  static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
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
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x41 + 10
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }
}
