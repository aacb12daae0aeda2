import StepKit
import Values

/// A period in which an account has a price plan.
struct PlanSchedule {
  let id: String
  let plan: String
  let start: Timestamp?
  let end: Timestamp?

  private init?(_ json: JSON) {
    guard let id = json["id"].verbatim, let plan = json["pricePlanId"].verbatim else { return nil }
    self.id = id
    self.plan = plan
    start = json["startDate"].time
    end = json["endDate"].time
  }

  /// The schedules of a list.
  static func all(_ items: [JSON]) -> [PlanSchedule] { items.compactMap(PlanSchedule.init) }

  /// All schedules of an account, from answers whose names begin with this one.
  static func read(
    _ name: String, account: String, _ answers: [String: Answer]
  ) throws(Halt) -> [PlanSchedule] {
    let pages = Pages(
      name: name, path: "/accounts/\(account.percentEncoded)/pricing_schedules", size: 100,
      thing: "the price plans of account \(account)", answers: answers)
    var schedules: [PlanSchedule] = []
    try pages.read { items in
      let found = all(items)
      schedules += found
      return !found.isEmpty  // The last page may name another one, which is empty
    }
    return schedules
  }
}
