import FoundationEssentials

/// Encodes the text of a header, such as a subject.
enum HeaderText {
  /// The longest line, without the line break (RFC 5322, 2.1.1).
  private static let maxLine = 78
  /// The longest encoded word (RFC 2047, 2).
  private static let maxWord = 75

  /// A text as it stands in a header whose first line has a number of characters before it.
  ///
  /// Short ASCII stays as it is. Any other text becomes encoded words in UTF-8 and Base64 (RFC 2047),
  /// one a line; a character is never split.
  static func encoded(_ text: String, after used: Int) -> String {
    let isPlain =
      text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
      && text.utf8.count <= maxLine - used
    guard !isPlain else { return text }
    var words: [String] = []
    var bytes: [UInt8] = []
    for character in text.unicodeScalars {
      let next = Array(String(character).utf8)
      let length = "=?utf-8?B??=".utf8.count + (bytes.count + next.count + 2) / 3 * 4
      if length > (words.isEmpty ? min(maxWord, maxLine - used) : maxWord), !bytes.isEmpty {
        words.append(word(bytes))
        bytes = []
      }
      bytes += next
    }
    return (words + [word(bytes)]).joined(separator: "\r\n ")
  }

  private static func word(_ bytes: [UInt8]) -> String {
    "=?utf-8?B?\(Data(bytes).base64EncodedString())?="
  }
}
