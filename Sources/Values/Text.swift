extension String {
  /// The text without surrounding whitespace; nil if nothing is left.
  public var nonBlank: String? {
    if let first = utf8.first, let last = utf8.last, first.isPrintable, last.isPrintable {
      return self
    }
    let inner = drop { $0.isWhitespace }
    guard let end = inner.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(inner[...end])
  }

  /// The text with its first letter in upper case, such as an app's name in a sentence.
  public var titled: String { prefix(1).uppercased() + dropFirst() }

  /// The text on one line without control characters, truncated to a number of Unicode scalars.
  ///
  /// APIs count bytes, code units or scalars; most mean scalars, and truncation between scalars never
  /// breaks UTF-8.
  public func truncated(to most: Int) -> String {
    if utf8.count <= most, utf8.allSatisfy({ $0.isPrintable || $0 == 0x20 }) { return self }
    var bytes: [UInt8] = []
    for (count, scalar) in unicodeScalars.enumerated() {
      guard count < most else { break }
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      bytes += isControl ? [0x20] : Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text itself if it is within a limit in Unicode scalars, or else its beginning and a digest of
  /// the whole, so that two long texts have different short forms.
  public func shortened(to most: Int) -> String {
    guard unicodeScalars.count > most else { return self }
    let digest = "~" + Fingerprint(of: utf8).text
    return truncated(to: most - digest.count) + digest
  }
}

extension UInt8 {
  /// Whether it is a visible ASCII character.
  fileprivate var isPrintable: Bool { self > 0x20 && self < 0x7F }
}
