import StepKit
import Values

/// The settings of the flow and the connection for new invoices.
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

  /// What the site's prices are.
  enum Prices: String, CaseIterable {
    case exclusive = "tax_exclusive"
    case inclusive = "tax_inclusive"
  }

  let taxes: Taxes
  let paidAmounts: PaidAmounts
  let prices: Prices
  let reference: InvoiceReference
  /// The site's time zone, if it is set.
  let zone: TimeZoneRules?
  /// Whether the days until the invoice is due are passed on.
  let hasNetTerms: Bool
  /// Whether Chargebee is asked to collect at once.
  let collects: Bool
  /// Whether a comment on the invoice names the other app's ids.
  let comments: Bool

  init(_ call: Invocation<Invoice>) throws(Halt) {
    taxes = try call.choice("taxes") ?? .source
    paidAmounts = try call.choice("paidAmounts") ?? .record
    prices = try call.choice("prices") ?? .exclusive
    reference = InvoiceReference(call.settings)
    zone = call.settings["timeZone"].isNull ? nil : try call.timeZone()
    hasNetTerms = call.option("netTerms").bool ?? true
    collects = call.option("collect").bool ?? false
    comments = call.option("comment").bool ?? true
  }

  /// Whether the other app's tax lines are left out.
  var leavesTaxes: Bool { taxes == .chargebee }

  /// Whether an amount that was paid before is deducted from the invoice.
  var discountsPaid: Bool { paidAmounts == .discount }
}
