import StepKit
import Values

/// How an app is told where to send its webhooks: `webhook.endpoints` in app.json.
struct EndpointFacts: Sendable {
  /// The path of the collection, and of what removes one; `{id}` stands for its id.
  let path: String
  let removal: String
  /// The body that makes or changes one, with `{connection}`, `{url}`, `{username}`, `{password}` and
  /// `{events}` in it.
  let body: JSON
  /// The members of the body that can only be said when it is made.
  let onlyAtFirst: [String]
  /// The member of an answer that holds one, and the members of that.
  let each: String
  let url: String
  let events: String
  let disabled: String
  /// The query that asks for a long page, and where the next one begins.
  let page: JSON
  let next: String
  let offset: String
  /// How many an account may have.
  let most: Int

  init(_ facts: Facts) throws(Problem) {
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
