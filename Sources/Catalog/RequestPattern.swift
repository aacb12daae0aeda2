public import StepKit
import Values

/// A kind of requests: `METHOD /path` with `*` for an id, such as `POST /invoices/*/void`; or `mail`.
public struct RequestPattern: Sendable {
  /// The text that it was read from.
  public let text: String
  private let method: String
  private let segments: [String]

  /// The text that stands for mails.
  private static let mail = "mail"

  /// Reads a pattern; nil if the text is none.
  public init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard text == Self.mail || (words.count == 2 && words[1].hasPrefix("/")) else { return nil }
    self.text = text
    method = words[0]
    segments = words.dropFirst().flatMap { $0.split(separator: "/").map(String.init) }
  }

  /// Reads the key of a member of `app.json`, which is about requests.
  static func request(_ key: String, _ facts: ObjectReader) throws(Problem) -> RequestPattern {
    guard key != mail, let pattern = RequestPattern(key) else {
      throw facts.wrong(key, "is written METHOD /path")
    }
    return pattern
  }

  /// The number of ids in the path: of two patterns that match, the one with fewer is meant.
  var wildcards: Int { segments.count { $0 == "*" } }

  /// Whether it matches an effect; lookups and links are never matched.
  public func matches(_ effect: Effect) -> Bool {
    switch effect {
    case .http(let http): path(of: http) != nil
    case .mail: text == Self.mail
    case .find, .link: false
    }
  }

  /// The decoded segments of a request's path, if it is one of those that are meant; an id may have
  /// slashes.
  public func path(of effect: HTTPEffect) -> [String]? {
    var path = effect.path.split(separator: "/").map { String($0).percentDecoded ?? String($0) }
    if path.count > segments.count, let id = segments.firstIndex(of: "*"), wildcards == 1 {
      let end = path.count - (segments.count - 1 - id)
      path.replaceSubrange(id..<end, with: [path[id..<end].joined(separator: "/")])
    }
    guard effect.method.rawValue == method, path.count == segments.count,
      zip(segments, path).allSatisfy({ $0 == "*" || $0 == $1 })
    else { return nil }
    return path
  }
}
