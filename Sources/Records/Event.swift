public import Catalog
import Crypto
public import Setup
import StepKit
public import Values

/// An accepted webhook.
public struct Event: Sendable {
  /// The account that sent it.
  public let scope: String
  /// The id, unique in the account.
  ///
  /// If the app gives none, it is the SHA-256 digest of the canonical body, and a number from 2 if the
  /// same body came again for another reason.
  public private(set) var id: String
  /// Whether the app gives its events ids.
  public let hasOwnID: Bool
  /// The type, if the app gives one.
  public let type: String?
  /// The connection that received it.
  public let connection: String
  /// When it was received.
  public let at: Timestamp
  /// The body.
  public let body: JSONBody
  /// The lane: runs of one lane are executed one after another.
  public let lane: String

  /// The key: an account has an event once, whichever connection received it.
  public private(set) var key: String

  /// Reads an event from the body of a webhook, or one that was read otherwise and has a given id.
  ///
  /// - Throws: A `data` problem if the body has no id or type although the app gives them.
  public init(
    _ body: JSONBody, from connection: Connection, _ facts: WebhookSpec, at: Timestamp,
    id given: String? = nil
  ) throws(Problem) {
    guard body.isObject else { throw Problem(.data, "the event is not a JSON object") }
    scope = connection.scope
    self.connection = connection.name
    self.at = at
    self.body = body
    let own = try Self.text(facts.id, in: body) ?? given
    hasOwnID = own != nil
    if let own { id = own } else { id = try SHA256.text(of: body.canonical()) }
    key = Self.key(scope, id)
    type =
      try Self.text(facts.type, in: body)
      ?? facts.types.lazy.compactMap { body[path: $0].nonBlank?.truncated(to: 200) }.first
    let subject = facts.lane.lazy.compactMap { body[path: $0].verbatim }.first ?? id
    // Encoded, so that all bytes count; others stay as runs of earlier builds have them
    let isASCII = subject.utf8.allSatisfy { $0 < 0x80 }
    lane = "\(scope)/\(isASCII ? subject : subject.percentEncoded)"
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
    guard let text = body[path: path].verbatim, text.utf8.count <= 200 else {
      throw Problem(.data, "the event has no \"\(path)\"")
    }
    return text
  }

  /// The event as it is stored, with the runs that it started.
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
