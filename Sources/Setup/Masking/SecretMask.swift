import CLinux
public import Values

/// Replaces secrets in what another system says, since an API may quote the request that it got.
///
/// A secret is found as it is, and in percent-encoding, HTML, JSON or string escapes, Base64 (both
/// alphabets, at any offset) and hexadecimal digits, with up to three of them one in another. Names of
/// members, strings and numbers are searched; a document is parsed first, so its own escapes hide nothing.
///
/// A secret of fewer than ``shortest`` bytes is replaced only where it is a word of its own: within
/// longer words, such as ids, it would be chance.
public struct SecretMask: Sendable {
  /// What stands in the place of a secret.
  public static let mark = "…"
  /// The length from which a secret is replaced also within a longer word, in bytes of UTF-8.
  public static let shortest = 8
  private static let deepest = 3
  /// The most bytes to decode for each byte of a text, and for any text.
  private static let work = (factor: 64, least: 1 << 16)

  private let secrets: [[UInt8]]
  private let alphabet: Decoding.Alphabet

  /// A mask of some secrets; empty ones do not count.
  public init(_ secrets: some Sequence<String>) {
    let all = secrets.flatMap { [$0] + Self.parts(of: $0) }
    self.secrets = Set(all).filter { !$0.isEmpty }.map { Array($0.utf8) }
      .sorted { $0.count > $1.count }
    alphabet = Decoding.Alphabet(
      shortest: self.secrets.last?.count ?? 1,
      isASCII: self.secrets.allSatisfy { $0.allSatisfy { (0x20...0x7E).contains($0) } })
  }

  /// What is secret in a secret: the key of Standard Webhooks, the path of a URL and its last segment.
  private static func parts(of secret: String) -> [String] {
    let prefix = "whsec_"
    if secret.hasPrefix(prefix) { return [String(secret.dropFirst(prefix.count))] }
    guard let scheme = secret.firstRange(of: "://") else { return [] }
    let path = secret[scheme.upperBound...].drop { $0 != "/" }
    let last = path.split(separator: "/").last ?? ""
    return [String(path), String(last)].filter { $0.utf8.count >= shortest }
  }

  /// A document without the secrets.
  public func masked(_ json: JSON) -> JSON {
    guard !secrets.isEmpty else { return json }
    switch json {
    case .null, .bool: return json
    case .number(let numeral):
      let text = numeral.text
      return text.utf8.count < Self.shortest || masked(text) == text ? json : .string(Self.mark)
    case .string(let text): return .string(masked(text))
    case .array(let items): return .array(items.map(masked))
    case .object(let members):
      // Two names may become one.
      return .object(
        Dictionary(members.map { (masked($0), masked($1)) }, uniquingKeysWith: { one, _ in one }))
    case .namesakes(let members):
      guard members.allSatisfy({ masked($0.name).hasBytes(of: $0.name) }) else {
        return .object(of: members.map { JSONMember(masked($0.name), masked($0.value)) })
      }
      return json.mapMembers { masked($1) }
    }
  }

  /// A text without the secrets; one whose encodings would take too long to undo is replaced as a whole.
  public func masked(_ text: String) -> String {
    guard let shortest = secrets.last?.count, text.utf8.count >= shortest else { return text }
    let bytes = Array(text.utf8)
    guard let found = places(in: bytes) else { return Self.mark }
    guard !found.isEmpty else { return text }
    var rest = 0
    var masked: [UInt8] = []
    for place in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if place.lowerBound >= rest {
        masked += bytes[rest..<place.lowerBound]
        masked += Self.mark.utf8
      }
      rest = max(rest, place.upperBound)
    }
    return String(decoding: masked + bytes[rest...], as: UTF8.self)
  }

  /// The places of secrets in a text, in any form; nil if there is too much to decode.
  private func places(in bytes: [UInt8]) -> [Range<Int>]? {
    var found: [Range<Int>] = []
    var work = max(bytes.count &* Self.work.factor, Self.work.least)
    var level = [DecodedText(bytes)]
    var seen: Set<[UInt8]> = [bytes]
    for depth in 0...Self.deepest {
      for text in level { find(in: text, &found) }
      guard depth < Self.deepest else { break }
      var next: [DecodedText] = []
      for text in level {
        for decoding in Decoding.allCases {
          guard let decoded = decoding.undo(text, alphabet) else { continue }
          work -= decoded.bytes.count
          guard work >= 0 else { return nil }
          if seen.insert(decoded.bytes).inserted { next.append(decoded) }
        }
      }
      level = next
    }
    return found
  }

  private func find(in text: DecodedText, _ found: inout [Range<Int>]) {
    for secret in secrets where secret.count <= text.bytes.count {
      var start = 0
      while let at = text.bytes.position(of: secret, from: start) {
        let end = at + secret.count
        if secret.count >= Self.shortest || isWord(at..<end, in: text.bytes) {
          found.append(text.place(of: at..<end))
        }
        start = at + 1
      }
    }
  }

  private func isWord(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
    let isAlone = range.lowerBound == 0 || !bytes[range.lowerBound - 1].isInWord
    return isAlone && (range.upperBound == bytes.count || !bytes[range.upperBound].isInWord)
  }
}

extension UInt8 {
  /// Whether it is a letter, a digit, `-`, `_`, or a part of a character beyond ASCII.
  fileprivate var isInWord: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x80...0xFE: true
    default: false
    }
  }
}

extension [UInt8] {
  /// The first position of a part, from a position on.
  fileprivate func position(of part: [UInt8], from start: Int) -> Int? {
    withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start + part.count <= count,
        let hit = memmem(base + start, count - start, part, part.count)
      else { return nil }
      return UnsafeRawPointer(hit) - base
    }
  }
}
