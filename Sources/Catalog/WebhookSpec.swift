import StepKit
import Values

/// How an app's webhooks are taken.
public struct WebhookSpec: Sendable {
  /// How the app shows that a webhook is its own.
  public enum Auth: Sendable {
    /// HTTP Basic, with the settings that hold the user name and the password.
    case basic(username: String, password: String)
    /// A secret at the end of the path, with the setting that holds it.
    case path(secret: String)
  }

  /// How the app shows that a webhook is its own.
  public let auth: Auth
  /// The path of the event's id; without one an event is known by the digest of its body.
  public let id: String?
  /// The path of the event's type, if it has one.
  public let type: String?
  /// The paths at which an app that does not always say the type may say it.
  public let types: [String]
  /// What its events are about, where their types are not known word by word.
  let subjects: EventSubjects
  /// The paths at which what the event is about may be named: events about one go one after another.
  public let lane: [String]
  /// How the app is told where to send them, if it can be told by its API.
  public let endpoints: WebhookEndpointSpec?

  init(_ facts: ObjectReader) throws(Problem) {
    switch facts.optionalText("auth") {
    case "basic":
      auth = .basic(username: try facts.text("username"), password: try facts.text("password"))
    case "path": auth = .path(secret: try facts.text("secret"))
    default: throw facts.wrong("auth", "is basic or path")
    }
    id = facts.optionalText("id")
    type = facts.optionalText("type")
    types = try facts.optionalTexts("types") ?? []
    subjects = EventSubjects(try facts.optionalTexts("subjects") ?? [])
    lane = try facts.optionalTexts("lane") ?? []
    endpoints =
      facts.json["endpoints"].isNull ? nil : try WebhookEndpointSpec(facts.member("endpoints"))
  }
}
