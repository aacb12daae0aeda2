extension JSON {
  /// Reads one document by RFC 8259, and refuses what parsers disagree about.
  ///
  /// - Throws: The reason and the byte offset for equal keys in one object, trailing commas, comments,
  ///   a byte order mark, invalid UTF-8, lone surrogates, more than 64 levels, numbers that are not
  ///   finite, and anything after the document.
  public init(parsing text: some Sequence<UInt8>) throws(JSONError) {
    self = try Array(text).withUnsafeBufferPointer { (bytes) throws(JSONError) in
      var reader = JSONReader(bytes)
      return try reader.document()
    }
  }

  /// Reads one document, as ``init(parsing:)-(Sequence<UInt8>)``.
  public init(parsing text: String) throws(JSONError) { try self.init(parsing: text.utf8) }

  /// The document on one line, with members sorted by the bytes of their names, so that equal values
  /// have equal texts.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The bytes of ``text``.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    case .number(let numeral): bytes.append(contentsOf: numeral.text.utf8)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let items): Self.write(items, to: &bytes)
    case .object(let members):
      Self.write(members.sorted { isBefore($0.key, $1.key) }, to: &bytes)
    case .namesakes(let members): Self.write(members.map { ($0.name, $0.value) }, to: &bytes)
    }
  }

  private static func write(_ items: [JSON], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      item.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static func write(_ members: [(key: String, value: JSON)], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(member.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      member.value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { text in
      var start = 0
      for (index, byte) in text.enumerated() where isEscaped(byte) {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
        writeEscape(of: byte, to: &bytes)
        start = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
  }

  private static func writeEscape(of byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    default:
      bytes.append(contentsOf: "\\u00".utf8)
      bytes += [.hexDigit(byte >> 4), .hexDigit(byte & 15)]
    }
  }
}

/// Whether the bytes of one text sort before those of another.
func isBefore(_ one: String, _ other: String) -> Bool {
  var (one, other) = (one, other)
  return one.withUTF8 { one in other.withUTF8 { one.lexicographicallyPrecedes($0) } }
}
