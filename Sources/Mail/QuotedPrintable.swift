/// The quoted-printable encoding of a text (RFC 2045, 6.7).
enum QuotedPrintable {
  /// The longest line, without the line break.
  private static let maxLine = 76

  /// A text in UTF-8 as ASCII lines that end with CR LF; any line break begins a new line.
  static func encoded(_ text: String) -> [UInt8] {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    return lines.flatMap { encoded(line: Array($0.utf8)) + Self.lineBreak }
  }

  private static let lineBreak = Array("\r\n".utf8)

  private static func encoded(line bytes: [UInt8]) -> [UInt8] {
    var encoded: [UInt8] = []
    var column = 0
    for (index, byte) in bytes.enumerated() {
      let isLast = index == bytes.count - 1
      let word = word(byte, isLast: isLast)
      // The last word of a line needs no room for the `=` that continues it.
      if column + word.count > (isLast ? maxLine : maxLine - 1) {
        encoded += [UInt8(ascii: "=")] + lineBreak
        column = 0
      }
      encoded += word
      column += word.count
    }
    return encoded
  }

  /// A byte, encoded unless it is printable; a space at the end of a line is encoded.
  private static func word(_ byte: UInt8, isLast: Bool) -> [UInt8] {
    let isPrintable = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
    if isPrintable || (byte == 0x20 && !isLast) { return [byte] }
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
