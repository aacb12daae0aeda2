import Values

/// The target of a request: `/a/b?c=d`, or `*`.
///
/// An ambiguous target is refused: one with a control character, a space, a fragment, a byte above
/// ASCII or a broken escape. So is an absolute URL, since this server is no proxy.
struct RequestTarget: Equatable {
  let text: String
  let path: [String]
  let query: [Field]

  init?(_ bytes: some Collection<UInt8>) {
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
      return nil
    }
    text = String(decoding: bytes, as: UTF8.self)
    guard text != "*" else {
      path = ["*"]
      query = []
      return
    }
    let halves = bytes.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    guard
      halves[0].first == UInt8(ascii: "/"),
      let path = Self.segments(halves[0].dropFirst()),
      let query = halves.count > 1 ? Form.decode(halves[1]) : []
    else { return nil }
    self.path = path
    self.query = query
  }

  private static func segments(_ bytes: some Collection<UInt8>) -> [String]? {
    guard !bytes.isEmpty else { return [] }
    var segments: [String] = []
    for raw in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let segment = Percent.decode(raw) else { return nil }
      segments.append(segment)
    }
    return segments
  }
}
