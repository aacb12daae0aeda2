extension JSON {
  /// Reads one document by the strict rule; an error says what is wrong and at which byte.
  ///
  /// Refused are equal keys in one object, trailing commas, comments, a byte order mark, invalid
  /// UTF-8, lone surrogates, nesting deeper than 64, numbers that are not finite, and anything after
  /// the document.
  public init(parsing text: some Sequence<UInt8>) throws(JSONError) {
    var reader = JSONReader(Array(text))
    self = try reader.document()
  }

  /// Reads one document by the strict rule, as ``init(parsing:)-(Sequence<UInt8>)``.
  public init(parsing text: String) throws(JSONError) { try self.init(parsing: text.utf8) }

  /// The document on one line, members sorted by the bytes of their names: equal values give equal
  /// texts.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The bytes of ``text``.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    case .number(let numeral): bytes.append(contentsOf: numeral.text.utf8)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let items): Self.write(items, to: &bytes)
    case .object(let members): Self.write(members, to: &bytes)
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

  private static func write(_ members: [String: JSON], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (index, member) in sorted.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(member.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      member.value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20, 0x7F: bytes.append(contentsOf: "\\u00".utf8 + hexadecimal(byte))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
