public import Catalog
import Values

/// When scheduled work is done.
public enum ScheduleTimes: Sendable, Equatable {
  /// At the times of a cron expression.
  case cron(CronSchedule)
  /// A number of seconds after the last time; the text is as a person wrote it, such as `10m`.
  case every(Int, String)

  /// The text of it.
  public var text: String {
    switch self {
    case .cron(let cron): cron.text
    case .every(_, let text): text
    }
  }

  /// The last time after another that has come; nil if none has.
  func due(after last: Timestamp, at now: Timestamp) -> Timestamp? {
    switch self {
    case .cron(let cron): cron.last(after: last, until: now)
    case .every(let seconds, _): last.adding(seconds: seconds) <= now ? now : nil
    }
  }

  /// The next time after the last one; nil if none comes.
  func next(after last: Timestamp, at now: Timestamp) -> Timestamp? {
    switch self {
    case .cron(let cron): cron.next(after: now)
    case .every(let seconds, _): last.adding(seconds: seconds)
    }
  }
}
