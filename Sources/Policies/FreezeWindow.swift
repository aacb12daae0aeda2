import Values

/// A time in which no change leaves, by the clocks of a time zone.
///
/// `{"from": "2026-12-24T00:00", "until": "2026-12-27T08:00"}` is once; with `days`, such as
/// `["saturday", "sunday"]`, it is on each of these days, from a time until a time: `"from": "00:00"`,
/// `"until": "24:00"`.
struct FreezeWindow: Sendable {
  private let from: String
  private let until: String
  /// The days of the week, 0 for Sunday; nil for a window that is once.
  private let days: Set<Int>?
  /// Why, for people.
  let reason: String?

  private static let names = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  init(_ facts: ObjectReader) throws(Problem) {
    try facts.knows(["from", "until", "days", "reason"])
    (from, until) = (try facts.text("from"), try facts.text("until"))
    reason = facts.optionalText("reason")
    let texts = try facts.optionalTexts("days")
    let days = texts.map { $0.compactMap { Self.names.firstIndex(of: $0.lowercased()) } }
    guard days?.count == texts?.count, days?.isEmpty != true else {
      throw facts.wrong("days", "are days of the week, such as saturday")
    }
    self.days = days.map(Set.init)
    let isWeekly = days != nil
    for (name, text) in [("from", from), ("until", until)] {
      let isTime =
        text == "24:00" || (text.utf8.count == 5 && Timestamp(iso: "2026-01-01T\(text)") != nil)
      let isMoment = text.utf8.count == 16 && Timestamp(iso: text) != nil
      guard isWeekly ? isTime : isMoment else {
        throw facts.wrong(name, isWeekly ? "is written 08:00" : "is written 2026-12-24T08:00")
      }
    }
    guard from < until else { throw facts.wrong("until", "must be after \"from\"") }
  }

  /// Whether a local time, such as `2026-12-24T08:00`, of a day of the week is in it.
  func contains(_ local: String, weekday: Int) -> Bool {
    guard let days else { return from <= local && local < until }
    let time = String(local.suffix(5))
    return days.contains(weekday) && from <= time && time < until
  }
}
