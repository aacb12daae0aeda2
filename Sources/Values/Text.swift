extension String {
  /// The text without the space around it, or nil where nothing else is in it.
  public var nonBlank: String? {
    if let first = utf8.first, let last = utf8.last, first.isPrintable, last.isPrintable {
      return self
    }
    let inner = drop { $0.isWhitespace }
    guard let end = inner.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(inner[...end])
  }

  /// The text with its first letter upper-case: `chargebee` is the name of an app, `Chargebee` its
  /// name in a sentence.
  public var titled: String { prefix(1).uppercased() + dropFirst() }

  /// The text on one line without control characters, cut to so many characters.
  ///
  /// APIs count characters in different ways (bytes, code units, scalars); Unicode scalars are what
  /// most of them mean, and a cut between scalars never breaks UTF-8.
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

  /// The text itself if it is short enough, else its beginning and a digest of the whole: the same
  /// text always gives the same short form, and two long texts do not share one.
  public func shortened(to most: Int) -> String {
    guard unicodeScalars.count > most else { return self }
    let digest = "~" + Fingerprint(of: utf8).text
    return truncated(to: most - digest.count) + digest
  }
}

extension UInt8 {
  /// Whether it is an ASCII character that takes ink.
  fileprivate var isPrintable: Bool { self > 0x20 && self < 0x7F }
}
