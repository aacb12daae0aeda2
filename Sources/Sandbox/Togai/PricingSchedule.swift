/// A price plan of an account from `start` until the day before `end`, dates such as `2026-01-31`.
struct PricingSchedule: Sendable, Equatable {
  var id: String
  var plan: String
  var start: String
  var end: String

  func covers(_ day: String) -> Bool { start <= day && day < end }
}
