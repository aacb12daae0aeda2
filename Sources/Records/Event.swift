public import Catalog
import Crypto
public import Setup
import StepKit
public import Values

/// A webhook as it was taken.
public struct Event: Sendable {
  /// The account that it is about.
  public let scope: String
  /// The id, unique in the account.
  ///
  /// If the app gives none, it is the SHA-256 digest of the canonical body, and a number from 2 if the
  /// same body came again for another reason.
  public private(set) var id: String
  /// Whether the app gives its events ids.
  public let hasOwnID: Bool
  /// Its type, where the app gives one.
  public let type: String?
  /// The connection that it came in by.
  public let connection: String
  /// When it was taken.
  public let at: Timestamp
  /// The body.
  public let body: JSONBody
  /// What it is about: events of one lane are carried one after another.
  public let lane: String

  /// Where it is kept: an event is taken once an account, whichever connection it came in by.
  public private(set) var key: String

  /// An event out of a webhook's body.
  ///
  /// - Throws: a `data` problem where the body has no id or type although the app gives them.
  public init(_ body: JSONBody, from connection: Connection, _ facts: WebhookSpec, at: Timestamp)
    throws(Problem)
  {
    guard body.isObject else { throw Problem(.data, "the event is not a JSON object") }
    scope = connection.scope
    self.connection = connection.name
    self.at = at
    self.body = body
    let own = try Self.text(facts.id, in: body)
    hasOwnID = own != nil
    if let own { id = own } else { id = try SHA256.text(of: body.canonical()) }
    key = Self.key(scope, id)
    type =
      try Self.text(facts.type, in: body)
      ?? facts.types.lazy.compactMap { body[path: $0].nonBlank?.truncated(to: 200) }.first
    let subject = facts.lane.lazy.compactMap { body[path: $0].nonBlank }.first
    lane = "\(scope)/\(subject ?? id)"
  }

  /// The same event, received for the n-th time.
  public func again(_ count: Int) -> Event { renamed("\(id)-\(count)") }

  /// The event under the id that builds up to e53855d gave it: the FNV-1a digest of the body.
  public var asNamedByOlderBuild: Event { renamed(Fingerprint(of: body.canonical()).text) }

  private func renamed(_ id: String) -> Event {
    var event = self
    event.id = id
    event.key = Self.key(scope, id)
    return event
  }

  private static func key(_ scope: String, _ id: String) -> String {
    StoreKey.event.key("\(scope)/\(id.percentEncoded)")
  }

  private static func text(_ path: String?, in body: JSONBody) throws(Problem) -> String? {
    guard let path else { return nil }
    guard let text = body[path: path].nonBlank, text.utf8.count <= 200 else {
      throw Problem(.data, "the event has no \"\(path)\"")
    }
    return text
  }

  /// The event as it is kept, with the runs that it started.
  public func text(runs: [Run]) -> String {
    var text = ObjectText(room: body.bytes.count + 256)
    text.add("body", text: body.bytes)
    text.add("at", at)
    text.add("connection", connection)
    text.add("runs", JSON.array(runs.map { .string($0.id) }))
    text.add("type", type)
    return text.text()
  }
}
