public import StepKit
public import Values

/// The assumed answer to a request that a plan does not send: `assume` in `app.json`.
///
/// The key is `METHOD /path` with `*` for an id. The answer has a `status` and a `value`, in which
/// `{body.id}` is a member of the request and `{1}` a segment of its path. Or it is the requested thing
/// in the event, at one of the paths in `event`, wrapped in the member `as`. `creates` marks a request
/// that creates something although its path does not show it. A plan reports a request without an
/// assumption as unanswered.
public struct Assumption: Sendable {
  private let method: String
  private let segments: [String]
  private let status: Int
  private let value: JSON?
  private let places: [String]
  private let wrapping: String?
  /// Whether the request creates something.
  public let creates: Bool

  init(_ key: String, _ facts: ObjectReader) throws(Problem) {
    let words = key.split(separator: " ").map(String.init)
    guard words.count == 2, words[1].hasPrefix("/") else {
      throw facts.wrong(key, "is written METHOD /path")
    }
    method = words[0]
    segments = words[1].split(separator: "/").map(String.init)
    status = facts.json["status"].int ?? 200
    value = facts.json["value"].isNull ? nil : facts.json["value"]
    places = facts.json["event"].array?.compactMap(\.string) ?? []
    wrapping = facts.optionalText("as")
    creates = facts.flag("creates")
    guard value != nil || !places.isEmpty || facts.json["status"].int != nil else {
      throw facts.wrong(key, "says a status, a value or where it is in the event")
    }
  }

  /// The answer to a request in a plan for an event; nil if the assumption does not match.
  public func answer(to effect: HTTPEffect, event: JSON) -> Answer? {
    guard let path = path(of: effect) else { return nil }
    if let thing = thing(in: event, id: path.last) {
      return .known(status: status, value: wrapping.map { [$0: thing] } ?? thing)
    }
    guard value != nil || places.isEmpty else { return nil }
    return .known(status: status, value: Self.filled(value ?? .null, effect.body, path))
  }

  /// Whether the assumption matches a request.
  public func isAbout(_ effect: HTTPEffect) -> Bool { path(of: effect) != nil }

  /// The segments of the request's path, if it is one of those that are meant; an id may have slashes.
  private func path(of effect: HTTPEffect) -> [String]? {
    var path = effect.path.split(separator: "/").map { String($0).percentDecoded ?? String($0) }
    if path.count > segments.count, let id = segments.firstIndex(of: "*"),
      segments.count(where: { $0 == "*" }) == 1
    {
      let end = path.count - (segments.count - 1 - id)
      path.replaceSubrange(id..<end, with: [path[id..<end].joined(separator: "/")])
    }
    guard effect.method.rawValue == method, path.count == segments.count,
      zip(segments, path).allSatisfy({ $0 == "*" || $0 == $1 })
    else { return nil }
    return path
  }

  /// The thing in the event, if it is the requested one.
  private func thing(in event: JSON, id: String?) -> JSON? {
    places.lazy.map { $0.isEmpty ? event : event[path: $0] }
      .first { $0.object != nil && $0["id"].string == id }
  }

  private static func filled(_ template: JSON, _ body: JSON, _ path: [String]) -> JSON {
    switch template {
    case .object(let members): return .object(members.mapValues { filled($0, body, path) })
    case .array(let items): return .array(items.map { filled($0, body, path) })
    case .string(let text) where text.hasPrefix("{") && text.hasSuffix("}"):
      let name = String(text.dropFirst().dropLast())
      if let index = Int(name) {
        return path.indices.contains(index) ? .string(path[index]) : .null
      }
      guard name.hasPrefix("body.") else { return template }
      return body[path: String(name.dropFirst(5))]
    default: return template
    }
  }
}
