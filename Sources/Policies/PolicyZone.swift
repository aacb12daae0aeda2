import Catalog
import Values

/// The time zone in which a policy counts hours and days and has its freeze windows.
struct PolicyZone: Sendable {
  private let rules: TimeZoneRules

  /// The zone of an IANA name, UTC for nil; nil if the name is not known.
  init?(_ name: String?, around now: Timestamp) {
    guard let name else {
      rules = TimeZoneRules()
      return
    }
    guard let rules = TimeZoneRules(of: name, around: now) else { return nil }
    self.rules = rules
  }

  /// The time on the clock there, such as `2026-12-24T08:00`, and the day of the week, 0 for Sunday.
  func local(_ time: Timestamp) -> (text: String, weekday: Int) {
    let there = time.adding(seconds: 60 * rules.minutes(at: time))
    let days = Int((Double(there.seconds) / 86_400).rounded(.down))
    return (String(there.text.prefix(16)), ((days + 4) % 7 + 7) % 7)
  }

  /// The hour there that a time is in: its first moment and that of the next.
  func hour(_ time: Timestamp) -> (start: Timestamp, end: Timestamp) {
    let there = time.seconds + 60 * rules.minutes(at: time)
    let start = Timestamp(seconds: time.seconds - ((there % 3600) + 3600) % 3600)
    return (start, start.adding(seconds: 3600))
  }

  /// The day there that a time is in: its first moment and that of the next.
  func day(_ time: Timestamp) -> (start: Timestamp, end: Timestamp) {
    let start = rules.start(of: rules.date(time)) ?? time
    let next = rules.date(start.adding(seconds: 26 * 3600))
    return (start, rules.start(of: next) ?? start.adding(seconds: 86_400))
  }
}
