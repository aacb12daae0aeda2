public import Values

/// Times by a cron expression in a time zone, such as `0 6 1 * * America/New_York`: minute, hour, day of the
/// month, month, day of the week, and the IANA name of the zone, UTC without one.
///
/// As in cron, a day fits if either of its fields does when neither is `*`. A time that clocks skip in spring
/// comes when they are set forward, and one that they show twice in autumn comes once. With `*` as the hour,
/// each hour that passes has its times.
public struct CronSchedule: Sendable, Equatable {
  /// The text as it was given, with single spaces.
  public let text: String
  /// The name of the time zone.
  public let zone: String

  private let minutes: Set<Int>
  private let hours: Set<Int>
  private let days: Set<Int>
  private let months: Set<Int>
  private let weekdays: Set<Int>

  /// The days searched for the next time: two leap years may be eight years apart.
  private static let mostDays = 3000

  /// Reads an expression, or one of `@hourly`, `@daily`, `@weekly` and `@monthly`.
  ///
  /// - Throws: A `usage` problem that says what is wrong, also for a day that never comes.
  public init(_ text: String) throws(Problem) {
    var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    let typed = words.joined(separator: " ")
    func wrong(_ what: String) -> Problem {
      Problem(.usage, "\"\(typed.truncated(to: 100))\" is no schedule: \(what)")
    }
    if let short = words.first, let full = Self.short[short.lowercased()] {
      words.replaceSubrange(0..<1, with: full.split(separator: " ").map(String.init))
    }
    guard words.count == 5 || words.count == 6 else {
      throw wrong(
        "write minute, hour, day, month and weekday, and a time zone if it is not UTC, such as 0 6 * * 1-5"
          + " Europe/Paris")
    }
    zone = words.count == 6 ? words[5] : "UTC"
    guard TimeZoneRules.isKnown(zone) else { throw wrong("\(zone) is no time zone") }
    func values(_ index: Int) throws(Problem) -> Set<Int> {
      let field = CronField.all[index]
      guard let values = field.values(words[index].lowercased()) else {
        throw wrong("\(words[index]) is no \(field.name)")
      }
      return values
    }
    minutes = try values(0)
    hours = try values(1)
    days = try values(2)
    months = try values(3)
    weekdays = Set(try values(4).map { $0 % 7 })
    self.text = typed
    guard next(after: Timestamp(seconds: 1_767_225_600)) != nil else {
      throw wrong("that day never comes")
    }
  }

  private static let short = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
  ]

  /// The first time after another; nil if none comes in eight years.
  public func next(after time: Timestamp) -> Timestamp? {
    guard let rules = TimeZoneRules(of: zone, around: time),
      let today = Timestamp(iso: rules.date(time))
    else { return nil }
    // A day earlier: clocks may have been set back past midnight
    for offset in -1...Self.mostDays {
      let day = today.adding(seconds: 86_400 * offset)
      guard fits(day), let first = moments(of: day, rules).filter({ $0 > time }).min() else {
        continue
      }
      return first
    }
    return nil
  }

  /// The last time after another and not after a third; nil if there is none.
  public func last(after time: Timestamp, until end: Timestamp) -> Timestamp? {
    guard time < end, let rules = TimeZoneRules(of: zone, around: end),
      let today = Timestamp(iso: rules.date(end))
    else { return nil }
    for offset in -1...Self.mostDays {
      let day = today.adding(seconds: -86_400 * offset)
      guard day.adding(seconds: 3 * 86_400) > time else { return nil }
      guard fits(day), let last = moments(of: day, rules).filter({ $0 <= end }).max() else {
        continue
      }
      return last > time ? last : nil
    }
    return nil
  }

  /// Whether a day fits, given as its midnight in UTC.
  private func fits(_ day: Timestamp) -> Bool {
    let parts = day.date().split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, months.contains(parts[1]) else { return false }
    // 1970-01-01 was a Thursday
    let weekday = ((day.seconds / 86_400 + 4) % 7 + 7) % 7
    let (fitsDay, fitsWeekday) = (days.contains(parts[2]), weekdays.contains(weekday))
    guard days.count < 31, weekdays.count < 7 else { return fitsDay && fitsWeekday }
    return fitsDay || fitsWeekday
  }

  private func moments(of day: Timestamp, _ rules: TimeZoneRules) -> [Timestamp] {
    hours.flatMap { hour in
      minutes.flatMap { minute in
        let local = day.adding(seconds: 3600 * hour + 60 * minute)
        let times = rules.times(ofLocal: local)
        guard hours.count == 24 else { return Array(times.prefix(1)) }
        return times.filter { $0.adding(seconds: 60 * rules.minutes(at: $0)) == local }
      }
    }
  }
}
