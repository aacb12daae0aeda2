import StepKit
import Values

/// The flow's options for new invoices.
struct InvoiceOptions {
  /// The origin of the taxes.
  enum Taxes: String, CaseIterable {
    /// The other app's tax lines.
    case source
    /// Taxes that Chargebee computes, without the other app's tax lines.
    case chargebee
  }

  /// The treatment of an amount that was paid before.
  enum PaidAmounts: String, CaseIterable {
    /// It is recorded as a payment.
    case record
    /// It is deducted from the invoice.
    case discount
  }

  let taxes: Taxes
  let paidAmounts: PaidAmounts
  /// Whether the days until the invoice is due are passed on.
  let hasNetTerms: Bool
  /// Whether Chargebee is asked to collect at once.
  let collects: Bool
  /// Whether a comment on the invoice names the other app's ids.
  let comments: Bool

  init(_ call: Invocation<Invoice>) throws(Halt) {
    taxes = try call.choice("taxes") ?? .source
    paidAmounts = try call.choice("paidAmounts") ?? .record
    hasNetTerms = call.option("netTerms").bool ?? true
    collects = call.option("collect").bool ?? false
    comments = call.option("comment").bool ?? true
  }

  /// Whether the other app's tax lines are left out.
  var leavesTaxes: Bool { taxes == .chargebee }

  /// Whether an amount that was paid before is deducted from the invoice.
  var discountsPaid: Bool { paidAmounts == .discount }
}
