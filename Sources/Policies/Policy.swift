import Catalog
import StepKit
public import Values

/// What may leave by a flow connection: the document `policy/<flow connection>`.
///
/// - `hold`: what waits for a person, beside what its steps declare: `all`, `none`, or an object with `first`
///   (the first so many changes), `above` (amounts by currency) and `kinds` (of changes).
/// - `approvals`: how many operators must let a held change go: 1, or 2 for four eyes.
/// - `grantHours`: how long a grant holds; default: 24.
/// - `allow`: the requests that may leave, `METHOD /path` or `mail`; all others are refused.
/// - `largest`: the largest amount of a change by currency; a larger one is refused.
/// - `hourly`, `daily`: `count` and `sums` by currency of the changes of an hour or a day.
/// - `breaker`: `failures` within `minutes` after which nothing leaves until a person says so.
/// - `freezes`: see ``FreezeWindow``.
/// - `zone`: the time zone by its IANA name; default: UTC.
public struct Policy: Sendable {
  /// When a breaker opens.
  struct Breaker {
    let failures: Int
    let minutes: Int
  }

  /// The document.
  public let json: JSON
  let hold: HoldRule
  /// How many operators must grant a held change.
  public let approvals: Int
  /// The hours for which a grant holds.
  public let grantHours: Int
  let allowed: [RequestPattern]?
  let largest: AmountLimits
  let hourly: EffectCap?
  let daily: EffectCap?
  let breaker: Breaker?
  let freezes: [FreezeWindow]
  let zone: PolicyZone

  /// The members of a policy, in the order in which they are shown.
  public static let members = [
    "hold", "approvals", "grantHours", "allow", "largest", "hourly", "daily", "breaker", "freezes",
    "zone",
  ]

  /// Reads a policy; `now` is a time near the times that it is asked about.
  ///
  /// - Throws: A `configuration` problem that names the wrong member; none is ignored.
  public init(_ json: JSON, of flowConnection: String, now: Timestamp) throws(Problem) {
    let facts = ObjectReader(json, of: "the policy of \(flowConnection)")
    guard json.object != nil else {
      throw Problem(.configuration, "the policy of \(flowConnection) is not an object")
    }
    try facts.knows(Self.members)
    self.json = json
    hold = try HoldRule(facts)
    approvals = try Self.number("approvals", 1...2, facts) ?? 1
    grantHours = try Self.number("grantHours", 1...720, facts) ?? 24
    allowed = try facts.optionalTexts("allow").map { (texts) throws(Problem) in
      try texts.map { (text) throws(Problem) in
        guard let pattern = RequestPattern(text) else {
          throw facts.wrong("allow", "has \"\(text)\", which is not METHOD /path or mail")
        }
        return pattern
      }
    }
    largest = try AmountLimits("largest", of: facts)
    hourly = try EffectCap("hourly", of: facts)
    daily = try EffectCap("daily", of: facts)
    breaker = try Self.breaker(facts)
    freezes = try facts.list("freezes").map { (facts) throws(Problem) in try FreezeWindow(facts) }
    guard json["zone"].isNull || json["zone"].nonBlank != nil,
      let zone = PolicyZone(facts.optionalText("zone"), around: now)
    else { throw facts.wrong("zone", "is a time zone such as America/New_York") }
    self.zone = zone
  }

  private static func breaker(_ policy: ObjectReader) throws(Problem) -> Breaker? {
    guard !policy.json["breaker"].isNull else { return nil }
    let facts = try policy.member("breaker")
    try facts.knows(["failures", "minutes"])
    guard let failures = try number("failures", 1...100, facts) else {
      throw facts.wrong("failures", "is missing")
    }
    return Breaker(failures: failures, minutes: try number("minutes", 1...1440, facts) ?? 60)
  }

  static func number(
    _ name: String, _ range: ClosedRange<Int>, _ facts: ObjectReader
  ) throws(Problem) -> Int? {
    guard !facts.json[name].isNull else { return nil }
    guard let number = facts.json[name].int, range.contains(number) else {
      throw facts.wrong(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Whether changes are counted before they leave.
  var counts: Bool { hold.first > 0 || hourly != nil || daily != nil }

  /// Whether a request may leave at all.
  func allows(_ effect: Effect) -> Bool { allowed?.contains { $0.matches(effect) } ?? true }

  /// The window that a time is in, and its end; nil if changes may leave.
  func freeze(at now: Timestamp) -> (reason: String?, end: Timestamp)? {
    func window(_ time: Timestamp) -> FreezeWindow? {
      let (text, weekday) = zone.local(time)
      return freezes.first { $0.contains(text, weekday: weekday) }
    }
    guard let first = window(now) else { return nil }
    // The ends of windows are looked for by quarters of an hour, for two weeks
    var end = Timestamp(seconds: now.seconds - now.seconds % 900)
    for _ in 0..<(14 * 96) {
      end = end.adding(seconds: 900)
      if window(end) == nil { break }
    }
    return (first.reason, end)
  }
}
