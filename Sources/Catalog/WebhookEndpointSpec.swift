import StepKit
public import Values

/// The API for webhook endpoints: `webhook.endpoints` in `app.json`.
public struct WebhookEndpointSpec: Sendable {
  /// The path of the collection.
  public let path: String
  /// The path that removes an endpoint; `{id}` is its id.
  public let removal: String
  /// The body that creates or changes an endpoint, with the placeholders `{connection}`, `{url}`,
  /// `{username}`, `{password}` and `{events}`.
  public let body: JSON
  /// The members of the body that can be set only when it is created.
  public let onlyAtFirst: [String]
  /// The member of an answer with an endpoint.
  public let each: String
  /// The member with the URL.
  public let url: String
  /// The member with the types of events.
  public let events: String
  /// The member that is true for a disabled endpoint.
  public let disabled: String
  /// The query of a long page.
  public let page: JSON
  /// The member of an answer with the offset of the next page.
  public let next: String
  /// The parameter for the offset.
  public let offset: String
  /// The maximum number of endpoints of an account.
  public let most: Int

  /// Reads the endpoints of `app.json`.
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
