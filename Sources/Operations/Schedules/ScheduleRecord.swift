import Catalog
import Setup
import Store
import Values

/// How far a schedule is.
struct ScheduleRecord {
  /// The times that it is about: others begin anew.
  let schedule: String
  /// The last time that was made, or when the schedule was first seen.
  var last: Timestamp
  /// The last time that was made; nil if none was.
  var made: Timestamp?
  /// What came of it, in a sentence.
  var said: String?
  /// Since when it fails, or finds what a person must look at; nil if all is well.
  var failing: Timestamp?

  /// A schedule that begins.
  init(_ schedule: Schedule, from now: Timestamp) {
    self.schedule = schedule.times.text
    last = now
  }

  /// Reads a record; nil for none.
  init?(_ document: JSON) {
    guard let schedule = document["schedule"].string, let last = document["last"].time else {
      return nil
    }
    (self.schedule, self.last) = (schedule, last)
    made = document["made"].time
    said = document["said"].string
    failing = document["failing"].time
  }

  /// The record of a schedule, if there is one about its present times.
  ///
  /// One of the future was written before the clock was set back: the schedule begins anew.
  static func of(
    _ schedule: Schedule, in home: Home, at now: Timestamp
  ) throws(Problem) -> ScheduleRecord? {
    let record = try home.document(at: key(schedule)).flatMap(ScheduleRecord.init)
    return record.flatMap { $0.schedule == schedule.times.text && $0.last <= now ? $0 : nil }
  }

  static func key(_ schedule: Schedule) -> String { StoreKey.schedule.key(schedule.name) }

  var json: JSON {
    .members([
      "schedule": .string(schedule), "last": .string(last.text), "made": .text(made?.text),
      "said": .text(said), "failing": .text(failing?.text),
    ])
  }

  /// Notes what came of a time.
  mutating func note(_ result: ScheduleResult, of due: Timestamp, at now: Timestamp) {
    (last, made, said) = (due, due, result.said)
    failing = result.isGood ? nil : failing ?? now
  }
}
