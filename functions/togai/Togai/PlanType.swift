import StepKit
import Values

/// What a price plan is for, which decides how it is given.
enum PlanType: String {
  /// It runs, and invoices come of it: it is associated.
  case billing = "BILLING"
  /// It is bought: its entitlements are granted.
  case purchase = "PURCHASE"

  /// The type of each plan; other effects are done with the same trip.
  static func types(
    of plans: Set<String>, after effects: [Effect], _ answers: [String: Answer]
  ) throws(Failure) -> Part<[String: PlanType]> {
    var types: [String: PlanType] = [:]
    var reads: [Effect] = []
    for (index, plan) in plans.sorted().enumerated() {
      if let answer = answers["plan-\(index)"] {
        types[plan] = try PlanType(answer, plan)
      } else {
        reads.append(.get("plan-\(index)", "/price_plans/\(plan.percentEncoded)"))
      }
    }
    return reads.isEmpty ? .has(types) : .needs(effects + reads)
  }

  private init(_ answer: Answer, _ plan: String) throws(Failure) {
    let value = try Togai.value(of: answer, "price plan \(plan), which the flow names")
    if let status = value["status"].nonBlank, status != "ACTIVE" {
      throw .permanent(
        "price plan \(plan) is \(status.truncated(to: 40)) in Togai: activate it there")
    }
    guard let type = value["type"].string.flatMap(PlanType.init(rawValue:)) else {
      throw .permanent("price plan \(plan) is neither for BILLING nor for PURCHASE")
    }
    self = type
  }
}
