import StepKit
import Values

/// A change of an account's price plans of type BILLING for a time.
///
/// Togai lets a running plan be changed from tomorrow on only, and does not document from when a first one
/// may run. So dry runs try the dates in question.
struct PlanChange {
  /// Togai's date for an open end.
  static let open = "9999-01-01"

  /// What happens in the time.
  enum Mode {
    /// A price plan takes the place of whatever was there.
    case associate(String)
    /// The account has no price plan.
    case disassociate
  }

  let mode: Mode
  /// The account's id.
  let account: String
  /// The date on which the time is over.
  let until: String
  /// What changes, for messages.
  let thing: String

  /// The first date that Togai accepts: the start or, if that has passed, today or tomorrow; nil if the time
  /// is over before any of them.
  func earliest(
    _ name: String, from start: String, _ dates: PlanDates, _ answers: [String: Answer]
  ) throws(Halt) -> String? {
    var candidates = start > dates.today ? [start] : [start, dates.today, dates.tomorrow]
    if start == dates.today { candidates.removeFirst() }
    candidates.removeAll { $0 >= until }
    var refusal: Halt?
    for (index, date) in candidates.enumerated() {
      let answer = try answers.answer(to: effect("\(name)-\(index)", from: date, isDry: true))
      if answer.isSuccess { return date }
      let failure = TogaiAPI.halt(answer, thing)
      guard TogaiAPI.isRefused(answer) else { throw failure }
      refusal = failure
    }
    if let refusal { throw refusal }
    return nil
  }

  /// The request that makes the change from a date on, or tries to.
  func effect(_ name: String, from date: String, isDry: Bool = false) -> Effect {
    var edit: [String: JSON] = [
      "effectiveFrom": .string(date), "effectiveUntil": .string(until),
    ]
    switch mode {
    case .associate(let plan):
      edit["mode"] = "ASSOCIATE"
      edit["pricePlanId"] = .string(plan)
    case .disassociate: edit["mode"] = "DISASSOCIATE"
    }
    return .post(
      name, "/accounts/\(account.percentEncoded)/edit_schedules", query: ["dry_run": .bool(isDry)],
      body: ["edits": [.object(edit)]], isSafe: isDry)
  }
}
