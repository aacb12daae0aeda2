/// How often flows hear of what needs attention: the type of the events that start them.
enum NotificationRhythm: String, CaseIterable {
  /// At once, and what is added to a cause within an hour in one message after it.
  case atOnce = "at-once"
  /// Once an hour.
  case hourly
  /// Once a day.
  case daily

  /// The least time between two messages about one group, in seconds.
  var gap: Int {
    switch self {
    case .atOnce, .hourly: 3600
    case .daily: 86_400
    }
  }
}
