/// Who made something happen, as its events tell.
struct Cause: Sendable {
  /// Where the request came from.
  enum Source: String, Sendable {
    case api
    case console = "admin_console"
    case job = "scheduled_job"
    case system
  }

  var source: Source
  /// Whether the request asked that no webhook be sent.
  var isQuiet = false
}
