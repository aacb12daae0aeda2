import StepKit
import Values

/// What a flow says about invoices that are to be made.
struct InvoiceOptions {
  /// Whose taxes are on the bill.
  enum Taxes: String, CaseIterable {
    /// Those of the other app, as lines.
    case source
    /// Those that Chargebee computes; the other app's lines stay out.
    case chargebee
  }

  /// What becomes of an amount that was paid before.
  enum PaidAmounts: String, CaseIterable {
    /// It is recorded as a payment.
    case record
    /// It is taken off the bill.
    case discount
  }

  let taxes: Taxes
  let paidAmounts: PaidAmounts
  /// Whether the days until it is due are passed on.
  let hasNetTerms: Bool
  /// Whether Chargebee is asked to collect at once.
  let collects: Bool
  let comments: Bool

  init(_ call: Invocation<Invoice>) throws(Failure) {
    taxes = try call.choice("taxes") ?? .source
    paidAmounts = try call.choice("paidAmounts") ?? .record
    hasNetTerms = call.option("netTerms").bool ?? true
    collects = call.option("collect").bool ?? false
    comments = call.option("comment").bool ?? true
  }

  /// Whether the other app's taxes stay out.
  var leavesTaxes: Bool { taxes == .chargebee }

  /// Whether what was paid is taken off the bill.
  var discountsPaid: Bool { paidAmounts == .discount }
}
