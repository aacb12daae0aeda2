import Values

/// An encoding of text that can be undone.
///
/// What is not encoded stays as it is; of Base64 and hexadecimal digits only what they hold is kept.
enum Decoding: CaseIterable {
  case percent, form, escapes, html, base64, hexadecimal

  /// What is looked for in digits: texts of a length at least, of visible ASCII or any bytes.
  struct Alphabet {
    let shortest: Int
    let isASCII: Bool

    func contains(_ byte: UInt8) -> Bool {
      isASCII ? (0x20...0x7E).contains(byte) : byte != DecodedText.gap
    }
  }

  /// The text without the encoding; nil if nothing is encoded.
  func undo(_ text: DecodedText, _ alphabet: Alphabet) -> DecodedText? {
    switch self {
    case .percent: unescaped(text, marks: "%", Self.percent)
    case .form: unescaped(text, marks: "%+", Self.form)
    case .escapes: unescaped(text, marks: "\\", Self.escape)
    case .html: unescaped(text, marks: "&", HTMLEntity.read)
    case .base64: digits(of: text, bits: 6, alphabet) { $0.base64Value }
    case .hexadecimal: digits(of: text, bits: 4, alphabet) { $0.hexValue }
    }
  }

  /// What an escape stands for, and its length.
  typealias Escape = (bytes: [UInt8], length: Int)

  private func unescaped(
    _ text: DecodedText, marks: StaticString, _ read: (ArraySlice<UInt8>) -> Escape?
  ) -> DecodedText? {
    let bytes = text.bytes
    let marks = Array("\(marks)".utf8)
    guard bytes.contains(where: marks.contains) else { return nil }
    var decoded = DecodedText()
    var at = 0
    var start = 0
    while at < bytes.count {
      guard marks.contains(bytes[at]), let escape = read(bytes[at...]) else {
        at += 1
        continue
      }
      decoded.append(start..<at, of: text)
      for byte in escape.bytes { decoded.append(byte, for: at..<at + escape.length, of: text) }
      at += escape.length
      start = at
    }
    guard start > 0 else { return nil }
    decoded.append(start..<at, of: text)
    return decoded
  }

  private static func percent(_ bytes: ArraySlice<UInt8>) -> Escape? {
    guard let byte = hexadecimal(bytes.dropFirst(), digits: 2) else { return nil }
    return ([UInt8(truncatingIfNeeded: byte)], 3)
  }

  private static func form(_ bytes: ArraySlice<UInt8>) -> Escape? {
    bytes.first == UInt8(ascii: "+") ? ([0x20], 1) : percent(bytes)
  }

  /// The escapes of JSON, and those of C and JavaScript, without octal ones.
  private static func escape(_ bytes: ArraySlice<UInt8>) -> Escape? {
    let rest = bytes.dropFirst()
    switch rest.first {
    case nil, DecodedText.gap: return nil
    case UInt8(ascii: "n"): return ([0x0A], 2)
    case UInt8(ascii: "r"): return ([0x0D], 2)
    case UInt8(ascii: "t"): return ([0x09], 2)
    case UInt8(ascii: "b"): return ([0x08], 2)
    case UInt8(ascii: "f"): return ([0x0C], 2)
    case UInt8(ascii: "x"):
      guard let value = hexadecimal(rest.dropFirst(), digits: 2) else { return nil }
      return (utf8(value), 4)
    case UInt8(ascii: "u"): return unicode(rest.dropFirst())
    case let byte?: return ([byte], 2)
    }
  }

  /// What follows `\u`: four digits, two such for a surrogate pair, or digits in braces.
  private static func unicode(_ bytes: ArraySlice<UInt8>) -> Escape? {
    if bytes.first == UInt8(ascii: "{") {
      let digits = bytes.dropFirst().prefix(7).prefix { $0.hexValue != nil }
      guard let value = hexadecimal(digits, digits: digits.count), !digits.isEmpty,
        bytes.dropFirst(1 + digits.count).first == UInt8(ascii: "}")
      else { return nil }
      return (utf8(value), digits.count + 4)
    }
    guard let value = hexadecimal(bytes, digits: 4) else { return nil }
    let second = bytes.dropFirst(4)
    if (0xD800...0xDBFF).contains(value), second.starts(with: Array("\\u".utf8)),
      let low = hexadecimal(second.dropFirst(2), digits: 4), (0xDC00...0xDFFF).contains(low)
    {
      return (utf8(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)), 12)
    }
    return (utf8(value), 6)
  }

  /// The value of the next hexadecimal digits, at most seven; nil if there are fewer.
  private static func hexadecimal(_ bytes: ArraySlice<UInt8>, digits: Int) -> UInt32? {
    let values = bytes.prefix(digits).compactMap(\.hexValue)
    return values.count == digits ? values.reduce(0) { $0 << 4 | UInt32($1) } : nil
  }

  /// The bytes of a character.
  static func utf8(_ value: UInt32) -> [UInt8] {
    Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [DecodedText.gap]
  }
}

// MARK: - Digits

extension Decoding {
  /// What runs of digits hold, read from each digit that a byte may begin with.
  private func digits(
    of text: DecodedText, bits: Int, _ alphabet: Alphabet, _ value: (UInt8) -> UInt8?
  ) -> DecodedText? {
    let offsets = bits == 6 ? 4 : 2
    let bytes = text.bytes
    var decoded = DecodedText()
    var at = 0
    while at < bytes.count {
      guard value(bytes[at]) != nil else {
        at += 1
        continue
      }
      var run: [Int] = []
      // Base64 may be broken into lines.
      while at < bytes.count, value(bytes[at]) != nil || bytes[at] == 0x0A || bytes[at] == 0x0D {
        if value(bytes[at]) != nil { run.append(at) }
        at += 1
      }
      guard run.count * bits >= alphabet.shortest * 8 else { continue }
      for offset in 0..<min(offsets, run.count) {
        Self.decode(run[offset...], of: text, bits, alphabet, value, to: &decoded)
      }
    }
    return decoded.bytes.isEmpty ? nil : decoded
  }

  /// Appends the texts that digits hold.
  private static func decode(
    _ run: ArraySlice<Int>, of text: DecodedText, _ bits: Int, _ alphabet: Alphabet,
    _ value: (UInt8) -> UInt8?, to decoded: inout DecodedText
  ) {
    var (buffer, count) = (UInt32(0), 0)
    var former = run.startIndex
    var part: [(byte: UInt8, range: Range<Int>)] = []
    func end() {
      guard part.count >= alphabet.shortest else { return part.removeAll(keepingCapacity: true) }
      for (byte, range) in part { decoded.append(byte, for: range, of: text) }
      decoded.appendGap()
      part.removeAll(keepingCapacity: true)
    }
    for index in run.indices {
      guard let digit = value(text.bytes[run[index]]) else { continue }
      if count == 0 { former = index }
      buffer = (buffer << UInt32(bits) | UInt32(digit)) & 0xFFFF
      count += bits
      guard count >= 8 else { continue }
      count -= 8
      let byte = UInt8(truncatingIfNeeded: buffer >> UInt32(count))
      if alphabet.contains(byte) {
        part.append((byte, run[former]..<run[index] + 1))
      } else {
        end()
      }
      former = index
    }
    end()
  }
}

extension UInt8 {
  /// The value of a digit of Base64, in either alphabet.
  fileprivate var base64Value: UInt8? {
    switch self {
    case 0x41...0x5A: self - 0x41
    case 0x61...0x7A: self - 0x61 + 26
    case 0x30...0x39: self - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
