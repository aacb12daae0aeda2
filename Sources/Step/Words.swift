extension String {
  /// The text without the space around it, or nil where nothing else is in it.
  public var words: String? {
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
  public func cut(to most: Int) -> String {
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
    return cut(to: most - digest.count) + digest
  }

  /// The text as one segment of a URL's path: all but RFC 3986's unreserved characters encoded, and the
  /// dots of `.` and `..`, which would lead to another path.
  public var percentEncoded: String {
    if self == "." || self == ".." { return String(repeating: "%2E", count: utf8.count) }
    guard !utf8.allSatisfy(Self.isUnreserved) else { return self }
    var bytes: [UInt8] = []
    for byte in utf8 {
      if Self.isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), Self.hexadecimal(byte >> 4), Self.hexadecimal(byte & 15)]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension UInt8 {
  /// Whether it is an ASCII character that takes ink.
  fileprivate var isPrintable: Bool { self > 0x20 && self < 0x7F }
}
