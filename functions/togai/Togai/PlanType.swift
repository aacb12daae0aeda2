import StepKit
import Values

/// The type of a price plan, which decides how it is granted.
enum PlanType: String {
  /// The plan is associated with an account and makes invoices.
  case billing = "BILLING"
  /// The plan is purchased, and its entitlements are granted.
  case purchase = "PURCHASE"

  /// The types of plans, by the bytes of their ids; effects that come first are performed with the reads.
  static func types(
    of plans: [String], after first: [Effect], _ answers: [String: Answer]
  ) throws(Halt) -> [[UInt8]: PlanType] {
    let sorted = plans.distinctByBytes
    let reads = sorted.enumerated().map { index, plan in
      Effect.get("plan-\(index)", "/price_plans/\(plan.percentEncoded)")
    }
    try answers.require(first + reads)
    var types: [[UInt8]: PlanType] = [:]
    for (plan, read) in zip(sorted, reads) {
      types[plan.byteKey] = try PlanType(try answers.answer(to: read), plan)
    }
    return types
  }

  private init(_ answer: Answer, _ plan: String) throws(Halt) {
    let value = try TogaiAPI.value(of: answer, "price plan \(plan), which the flow names")
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
