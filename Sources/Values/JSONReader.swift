/// A reader of one JSON document; see ``JSON/init(parsing:)`` for its rules.
///
/// Equal keys are refused because two parsers that take the first and the last of them would see two
/// different payments. Keys are compared by their bytes: see ``JSON/namesakes(_:)``.
struct JSONReader: ByteScanner {
  /// The most levels of arrays and objects.
  static let deepest = 64

  /// A member of an object that is being read, collected first since a growing dictionary rehashes.
  private struct Member {
    let key: String
    let start: Int
    let value: JSON
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0
  private var depth = 0
  private var members: [Member] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The value of the document.
  mutating func document() throws(JSONError) -> JSON {
    skipSpace()
    guard at < bytes.count else { throw error("there is no document") }
    let value = try value()
    skipSpace()
    guard at == bytes.count else { throw error("there is more after the document") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSON {
    guard let peek else { throw error("the document does not end") }
    switch peek {
    case UInt8(ascii: "{"): return try nested { (self) throws(JSONError) in try self.object() }
    case UInt8(ascii: "["): return try nested { (self) throws(JSONError) in try self.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw error("a value is missing or is not JSON")
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONError) -> JSON
  ) throws(JSONError) -> JSON {
    depth += 1
    guard depth <= Self.deepest else { throw error("nested deeper than \(Self.deepest)") }
    at += 1
    skipSpace()
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(JSONError) -> JSON {
    let first = members.count
    if take(UInt8(ascii: "}")) { return .object([:]) }
    repeat {
      guard peek == UInt8(ascii: "\"") else { throw error("a key must be a string") }
      let start = at
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw error("a colon is missing after the key") }
      skipSpace()
      members.append(Member(key: key, start: start, value: try value()))
    } while try !endOfList(UInt8(ascii: "}"))
    return try object(from: first)
  }

  private mutating func object(from first: Int) throws(JSONError) -> JSON {
    defer { members.removeSubrange(first...) }
    var dictionary = [String: JSON](minimumCapacity: members.count - first)
    for member in members[first...] {
      guard let index = dictionary.index(forKey: member.key) else {
        dictionary[member.key] = member.value
        continue
      }
      guard !dictionary[index].key.hasBytes(of: member.key) else { throw Self.duplicate(member) }
    }
    guard dictionary.count < members.count - first else { return .object(dictionary) }
    let sorted = members[first...].sorted { isBefore($0.key, $1.key) }
    for (one, next) in zip(sorted, sorted.dropFirst()) where one.key.hasBytes(of: next.key) {
      throw Self.duplicate(one.start > next.start ? one : next)
    }
    return .namesakes(sorted.map { JSONMember($0.key, $0.value) })
  }

  private static func duplicate(_ member: Member) -> JSONError {
    JSONError(offset: member.start, reason: "duplicate key \(JSON.string(member.key).text)")
  }

  private mutating func array() throws(JSONError) -> JSON {
    var items: [JSON] = []
    if take(UInt8(ascii: "]")) { return .array(items) }
    while true {
      items.append(try value())
      if try endOfList(UInt8(ascii: "]")) { return .array(items) }
    }
  }

  /// Reads what follows a member: true at the closing bracket, false at a comma before another one.
  private mutating func endOfList(_ closing: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    if take(closing) { return true }
    guard take(UInt8(ascii: ",")) else { throw error("a comma or a closing bracket is missing") }
    skipSpace()
    guard peek != closing else { throw error("trailing comma") }
    return false
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let text = word.description.utf8
    guard bytes[at...].starts(with: text) else { throw error("a value is missing or is not JSON") }
    at += text.count
    return value
  }
}

// MARK: - Numbers

extension JSONReader {
  private mutating func number() throws(JSONError) -> Numeral {
    let start = at
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    let hasExponent = take(UInt8(ascii: "e")) || take(UInt8(ascii: "E"))
    if hasExponent {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let text = string(from: start)
    // Fewer than 300 digits without an exponent always fit a Double
    guard (!hasExponent && at - start < 300) || Double(text)?.isFinite == true else {
      throw JSONError(offset: start, reason: "the number is not finite")
    }
    return Numeral(checked: text)
  }

  private mutating func digits() throws(JSONError) {
    let start = at
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
    guard at > start else { throw error("a digit is missing in the number") }
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws(JSONError) -> String {
    let opening = at
    at += 1
    var seen: UInt8 = 0
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        let text = string(from: opening + 1)
        guard seen < 0x80 || isSame(text, opening + 1) else { throw invalid(opening) }
        at += 1
        return text
      }
      if byte == UInt8(ascii: "\\") || byte < 0x20 { return try escapedString(opening) }
      seen |= byte
      at += 1
    }
    throw JSONError(offset: opening, reason: "the string does not end")
  }

  /// The text from a position up to here; invalid UTF-8 is replaced.
  private func string(from start: Int) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
  }

  /// Whether nothing was replaced in the text from a position up to here.
  private func isSame(_ text: String, _ start: Int) -> Bool {
    text.utf8.elementsEqual(bytes[start..<at])
  }

  private func invalid(_ opening: Int) -> JSONError {
    JSONError(offset: opening, reason: "invalid UTF-8 in the string")
  }

  /// Reads on in a string with an escape.
  private mutating func escapedString(_ opening: Int) throws(JSONError) -> String {
    var text = Array(bytes[opening + 1..<at])
    while let byte = peek {
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        let string = String(decoding: text, as: UTF8.self)
        guard string.utf8.elementsEqual(text) else { throw invalid(opening) }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw JSONError(offset: at - 1, reason: "a control character in the string")
      default: text.append(byte)
      }
    }
    throw JSONError(offset: opening, reason: "the string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw error("the string does not end") }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try scalar()).utf8))
    default: throw JSONError(offset: at - 1, reason: "an unknown escape in the string")
    }
  }

  /// The scalar of a `\u` escape, or of the two that make a surrogate pair.
  private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    if high < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let low = try codeUnit()
      if (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw error("a lone surrogate in the string")
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    let digits = bytes[at..<min(at + 4, bytes.count)].compactMap(\.hexValue)
    guard digits.count == 4 else { throw error("four hexadecimal digits are missing after \\u") }
    at += 4
    return digits.reduce(0) { $0 << 4 | UInt32($1) }
  }

  private func error(_ reason: String) -> JSONError { JSONError(offset: at, reason: reason) }
}
