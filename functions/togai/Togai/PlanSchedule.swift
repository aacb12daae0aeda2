import StepKit
import Values

/// A stretch of time in which an account has a price plan.
struct PlanSchedule {
  /// Pages of a hundred.
  private static let mostPages = 20

  let id: String
  let plan: String
  let start: Timestamp?
  let end: Timestamp?

  private init?(_ json: JSON) {
    guard let id = json["id"].nonBlank, let plan = json["pricePlanId"].nonBlank else { return nil }
    self.id = id
    self.plan = plan
    start = json["startDate"].string.flatMap(Timestamp.init(iso:))
    end = json["endDate"].string.flatMap(Timestamp.init(iso:))
  }

  /// Schedules out of a list of Togai's.
  static func all(_ list: JSON) -> [PlanSchedule] {
    (list.array ?? []).compactMap(PlanSchedule.init)
  }

  /// All schedules of an account, out of answers of this name.
  static func read(
    _ name: String, account: String, _ answers: [String: Answer]
  ) throws(Failure) -> Part<[PlanSchedule]> {
    var schedules: [PlanSchedule] = []
    var token: String?
    for page in 0..<mostPages {
      guard let answer = answers["\(name)-\(page)"] else {
        let query = JSON.members(["pageSize": 100, "nextToken": .text(token)])
        let path = "/accounts/\(account.percentEncoded)/pricing_schedules"
        return .needs([.get("\(name)-\(page)", path, query: query)])
      }
      let list = try Togai.value(of: answer, "the price plans of account \(account)")
      let found = all(list["data"])
      schedules += found
      token = list["nextToken"].nonBlank
      // The last page may name another one, which is empty
      guard token != nil, !found.isEmpty else { break }
    }
    return .has(schedules)
  }
}
