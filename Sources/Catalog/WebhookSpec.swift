import StepKit
import Values

/// The webhooks of an app: `webhook` in `app.json`.
public struct WebhookSpec: Sendable {
  /// The authentication of a webhook.
  public enum Auth: Sendable {
    /// HTTP Basic, with the settings for the user name and the password.
    case basic(username: String, password: String)
    /// A secret at the end of the path, with the setting for it.
    case path(secret: String)
    /// None: the events come from Meterbridge itself, and never over the network.
    case `internal`
  }

  /// The authentication of a webhook.
  public let auth: Auth
  /// The path of the id; without one, the digest of the body identifies an event.
  public let id: String?
  /// The path of the type, if there is one.
  public let type: String?
  /// The paths at which the type may be, if it is not always given.
  public let types: [String]
  /// The subjects of its events, if their types are not documented.
  let subjects: EventSubjects
  /// The path of the time at which it happened, in seconds since 1970, if there is one.
  public let time: String?
  /// The paths at which the subject may be, which is the lane of the event.
  public let lane: [String]
  /// The API for webhook endpoints, if there is one.
  public let endpoints: WebhookEndpointSpec?

  init(_ facts: ObjectReader) throws(Problem) {
    switch facts.optionalText("auth") {
    case "basic":
      auth = .basic(username: try facts.text("username"), password: try facts.text("password"))
    case "path": auth = .path(secret: try facts.text("secret"))
    case "internal": auth = .internal
    default: throw facts.wrong("auth", "is basic, path or internal")
    }
    id = facts.optionalText("id")
    type = facts.optionalText("type")
    types = try facts.optionalTexts("types") ?? []
    time = facts.optionalText("time")
    subjects = EventSubjects(try facts.optionalTexts("subjects") ?? [])
    lane = try facts.optionalTexts("lane") ?? []
    endpoints =
      facts.json["endpoints"].isNull ? nil : try WebhookEndpointSpec(facts.member("endpoints"))
  }
}
