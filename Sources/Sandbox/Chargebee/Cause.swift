/// The origin of a change, as its events name it.
struct Cause: Sendable {
  /// The `source` of an event: https://apidocs.chargebee.com/docs/api/events.
  enum Source: String, Sendable {
    case api
    case console = "admin_console"
    case job = "scheduled_job"
    case system
  }

  var source: Source
  /// Whether the request suppresses webhooks.
  var isQuiet = false
}
