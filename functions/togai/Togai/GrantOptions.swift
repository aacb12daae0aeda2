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
  /// The price plans by item price.
  private let plans: PriceTable

  /// The options of a call.
  init(_ call: Invocation<Payment>) throws(Halt) {
    whenPaid = try call.choice("whenPaid") ?? .full
    until = try call.choice("until") ?? .open
    partTerm = try call.choice("partTerm") ?? .difference
    feature = call.option("feature").nonBlank
    offset = try call.timeZone()
    plan = call.option("pricePlan").nonBlank
    plans = PriceTable(call, "pricePlans")
  }

  /// The price plans of item prices, in the same order; nil for those without one.
  ///
  /// - Throws: A permanent failure if the flow names no price plan at all, or one plan would be for several
  ///   item prices.
  func plans(of prices: [String]) throws(Halt) -> [String?] {
    guard plan != nil || !plans.isEmpty else {
      throw .permanent(
        "the flow names no price plan at all: set pricePlan, or pricePlans for each item price")
    }
    let found = prices.map { plans[$0] }
    let others = zip(prices, found).filter { $0.1 == nil }.map(\.0).distinctByBytes
    guard let plan, !others.isEmpty else { return found }
    guard others.count == 1 else {
      let names = others.prefix(20).joined(separator: ", ").truncated(to: 500)
      throw .permanent(
        "the payment is for several item prices (\(names)) and the flow names one price plan: fill"
          + " its table, or name one item price in the connection that the payment comes from")
    }
    return found.map { $0 ?? plan }
  }
}
