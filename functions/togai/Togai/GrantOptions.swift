public import StepKit
public import Values

/// What a flow says about granting.
public struct GrantOptions: Sendable {
  /// When an invoice is paid enough.
  enum WhenPaid: String, CaseIterable {
    /// When nothing is left to pay.
    case full
    /// When anything is paid.
    case any
  }

  /// How long a price plan stays.
  enum Until: String, CaseIterable {
    /// Until somebody changes it.
    case open
    /// Until the end of the term that was paid for.
    case term
  }

  let whenPaid: WhenPaid
  let until: Until
  /// The feature whose quantity is the one that was paid for; else it is the plan's.
  let feature: String?
  let offset: UTCOffset
  private let plan: String?
  private let plans: [String: String]

  /// The options of a call.
  public init<Input>(_ call: Invocation<Input>) throws(Failure) {
    whenPaid = try call.choice("whenPaid") ?? .full
    until = try call.choice("until") ?? .open
    feature = call.option("feature").nonBlank
    offset = try UTCOffset(call.settings["utcOffset"])
    plan = call.option("pricePlan").nonBlank
    plans = call.option("pricePlans").object?.compactMapValues(\.nonBlank) ?? [:]
  }

  /// The price plan for each of these item prices that has one.
  ///
  /// One plan for all is for payments of one item price; with several it would be granted several
  /// times, so a person must say which is meant. No plan at all is an oversight, and money came.
  func plans(of prices: Set<String>) throws(Failure) -> [String: String] {
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
