import StepKit
import Values

/// The price plans in Togai by the item prices of another app, as a flow names them.
struct PlanTable {
  private let plan: String?
  /// The price plans by item price, whose names are told apart by their bytes.
  private let plans: [JSONMember]

  /// The table of a call.
  init<Input>(_ call: Invocation<Input>) {
    plan = call.option("pricePlan").nonBlank
    plans = call.option("pricePlans").allMembers
  }

  /// Every price plan that it names.
  var all: [String] {
    ([plan] + plans.map { $0.value.verbatim }).compactMap(\.self).distinctByBytes
  }

  /// The price plan of an item price in the table; nil if it has none.
  func plan(for price: String) -> String? {
    plans.first { $0.name.hasBytes(of: price) }?.value.verbatim
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
    let found = prices.map(plan(for:))
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
