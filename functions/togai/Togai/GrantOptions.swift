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
  let plans: PlanTable

  /// The options of a call.
  init(_ call: Invocation<Payment>) throws(Halt) {
    whenPaid = try call.choice("whenPaid") ?? .full
    until = try call.choice("until") ?? .open
    partTerm = try call.choice("partTerm") ?? .difference
    feature = call.option("feature").nonBlank
    offset = try call.timeZone()
    plans = PlanTable(call)
  }
}
