public import StepKit
public import Values

/// The assumed answer to a request that a plan does not send: `assume` in `app.json`.
///
/// The key is `METHOD /path` with `*` for an id. The answer has a `status` and a `value`, in which
/// `{body.id}` is a member of the request and `{1}` a segment of its path. Or it is the requested thing
/// in the event, at one of the paths in `event`, wrapped in the member `as`; `listed`, it is the only one of a
/// list. `creates` marks a request that creates something although its path does not show it. A plan reports
/// a request without an assumption as unanswered.
public struct Assumption: Sendable {
  private let pattern: RequestPattern
  private let status: Int
  private let value: JSON?
  private let places: [String]
  private let wrapping: String?
  private let isListed: Bool
  /// Whether the request creates something.
  public let creates: Bool

  init(_ key: String, _ facts: ObjectReader) throws(Problem) {
    pattern = try RequestPattern.request(key, facts)
    status = facts.json["status"].int ?? 200
    value = facts.json["value"].isNull ? nil : facts.json["value"]
    places = facts.json["event"].array?.compactMap(\.string) ?? []
    wrapping = facts.optionalText("as")
    isListed = facts.flag("listed")
    creates = facts.flag("creates")
    guard value != nil || !places.isEmpty || facts.json["status"].int != nil else {
      throw facts.wrong(key, "says a status, a value or where it is in the event")
    }
  }

  /// The answer to a request in a plan for an event; nil if the assumption does not match.
  public func answer(to effect: HTTPEffect, event: JSON) -> Answer? {
    guard let path = pattern.path(of: effect) else { return nil }
    if let thing = thing(in: event, id: path.last) {
      let wrapped = wrapping.map { [$0: thing] } ?? thing
      return .known(status: status, value: isListed ? ["list": [wrapped]] : wrapped)
    }
    guard value != nil || places.isEmpty else { return nil }
    return .known(status: status, value: Self.filled(value ?? .null, effect.body, path))
  }

  /// Whether the assumption matches a request.
  public func isAbout(_ effect: HTTPEffect) -> Bool { pattern.path(of: effect) != nil }

  /// The thing in the event, if it is the requested one.
  private func thing(in event: JSON, id: String?) -> JSON? {
    places.lazy.map { $0.isEmpty ? event : event[path: $0] }
      .first { $0.object != nil && (isListed || $0["id"].string == id) }
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
