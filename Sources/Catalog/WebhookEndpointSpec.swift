import StepKit
public import Values

/// How an app is told where to send its webhooks: `webhook.endpoints` in app.json.
public struct WebhookEndpointSpec: Sendable {
  /// The path of the collection, and of what removes one; `{id}` stands for its id.
  public let path: String
  /// The path that removes an endpoint; `{id}` stands for its id.
  public let removal: String
  /// The body that makes or changes one, with `{connection}`, `{url}`, `{username}`, `{password}` and
  /// `{events}` in it.
  public let body: JSON
  /// The members of the body that can only be said when it is made.
  public let onlyAtFirst: [String]
  /// The member of an answer that holds one, and the members of that.
  public let each: String
  /// The member that holds the URL.
  public let url: String
  /// The member that lists the types of events.
  public let events: String
  /// The member that says whether it is disabled.
  public let disabled: String
  /// The query that asks for a long page, and where the next one begins.
  public let page: JSON
  /// The member of an answer that holds the offset of the next page.
  public let next: String
  /// The parameter that takes the offset.
  public let offset: String
  /// How many an account may have.
  public let most: Int

  /// Reads the facts of a data file.
  public init(_ facts: ObjectReader) throws(Problem) {
    path = try facts.text("path")
    removal = try facts.text("removal")
    body = facts.json["body"]
    onlyAtFirst = facts.json["onlyAtFirst"].array?.compactMap(\.nonBlank) ?? []
    each = try facts.text("each")
    url = try facts.text("url")
    events = try facts.text("events")
    disabled = try facts.text("disabled")
    page = facts.json["page"]
    next = try facts.text("next")
    offset = try facts.text("offset")
    guard let most = facts.json["most"].int else { throw facts.wrong("most", "is a number") }
    self.most = most
  }
}
