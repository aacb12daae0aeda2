import Setup
public import Values

/// The time during which an operator is signed in.
public struct Session: Sendable {
  /// The name of the operator.
  public let `operator`: String
  /// When the operator signed in.
  public let at: Timestamp
  /// When the operator was last seen, at most a minute ago if it is now.
  public internal(set) var seen: Timestamp
  /// The address from which the operator signed in.
  public let address: String

  /// The seconds after which an idle session ends.
  public static let idle = 3600
  /// The seconds after which every session ends.
  public static let longest = 12 * 3600

  /// Whether it has ended.
  public func hasEnded(at now: Timestamp) -> Bool {
    now > at.adding(seconds: Self.longest) || now > seen.adding(seconds: Self.idle)
  }
}

extension Session {
  init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "a session")
    self.init(
      operator: try facts.text("operator"), at: try facts.time("at"), seen: try facts.time("seen"),
      address: facts.optionalText("address") ?? "")
  }

  /// The session as stored and shown.
  public var json: JSON {
    [
      "operator": .string(`operator`), "at": .string(at.text), "seen": .string(seen.text),
      "address": .string(address),
    ]
  }
}
