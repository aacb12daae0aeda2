import StepKit
import Values

/// The flow's options for grants.
struct GrantOptions {
  /// The payment that an invoice needs before its items are granted.
  enum WhenPaid: String, CaseIterable {
    /// Payment in full.
    case full
    /// Any payment.
    case any
  }

  /// The end of a price plan association.
  enum Until: String, CaseIterable {
    /// None, until a person changes it.
    case open
    /// The end of the paid term.
    case term
  }

  /// The quantity of a prepaid plan that is granted for a change in the middle of a term.
  enum PartTerm: String, CaseIterable {
    /// What the quantity rose by.
    case difference
    /// The quantity's share of the term.
    case share
  }

  let whenPaid: WhenPaid
  let until: Until
  let partTerm: PartTerm
  /// The feature that gets the paid quantity; nil if the price plan gets it.
  let feature: String?
  let offset: TimeZoneRules
  private let plan: String?
  private let plans: [String: String]

  /// The options of a call.
  init(_ call: Invocation<Payment>) throws(Halt) {
    whenPaid = try call.choice("whenPaid") ?? .full
    until = try call.choice("until") ?? .open
    partTerm = try call.choice("partTerm") ?? .difference
    feature = call.option("feature").nonBlank
    offset = try call.timeZone()
    plan = call.option("pricePlan").nonBlank
    plans = call.option("pricePlans").textMembers
  }

  /// The price plans of these item prices, by item price; some may have none.
  ///
  /// - Throws: A permanent failure if the flow names no price plan at all, or one plan would be granted
  ///   for several item prices.
  func plans(of prices: Set<String>) throws(Halt) -> [String: String] {
    guard plan != nil || !plans.isEmpty else {
      throw .permanent(
        "the flow names no price plan at all: set pricePlan, or pricePlans for each item price")
    }
    let others = prices.filter { plans[$0] == nil }
    var found = plans.filter { prices.contains($0.key) }
    guard let plan, let other = others.first else { return found }
    guard others.count == 1 else {
      let names = others.sorted().prefix(20).joined(separator: ", ").truncated(to: 500)
      throw .permanent(
        "the payment is for several item prices (\(names)) and the flow names one price plan: fill"
          + " its table, or name one item price in the connection that the payment comes from")
    }
    found[other] = plan
    return found
  }
}
