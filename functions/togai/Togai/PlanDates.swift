import StepKit
import Values

/// Dates in the organisation's time zone, such as `2026-01-31`.
struct PlanDates {
  /// The time at which the run started.
  let now: Timestamp
  let zone: TimeZoneRules

  var today: String { date(now) }
  var tomorrow: String { date(now.adding(seconds: 86_400)) }

  func date(_ time: Timestamp) -> String { zone.date(time) }

  /// The date on which something that ends at a time is over: the next one, unless that is midnight.
  func end(_ time: Timestamp) -> String {
    let date = date(time)
    return zone.start(of: date) == time ? date : self.date(time.adding(seconds: 86_400))
  }

  /// The date that Togai means by a start which it shows.
  ///
  /// Togai does not document whether the time is that of the organisation or UTC. The later date is right for
  /// each.
  func begin(_ start: Timestamp) -> String { max(date(start), start.date()) }

  /// The date on which a price plan that Togai shows with this end is over.
  ///
  /// Togai does not document either whether the end is the last moment of the day before.
  func over(_ end: Timestamp) -> String { begin(end.adding(seconds: 1)) }

  /// - Throws: `Halt.notSynced` if the date of a time is in doubt, since the offset knows no summer time.
  func check(_ time: Timestamp, _ thing: String) throws(Halt) {
    guard zone != TimeZoneRules(), zone.isDoubtful(time) else { return }
    throw .notSynced("\(thing): \(zone.doubt(time))")
  }
}
