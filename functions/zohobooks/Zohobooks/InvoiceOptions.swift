import StepKit
import Values

/// The flow's options for new invoices.
struct InvoiceOptions {
  /// The status in which an invoice is left.
  enum Status: String, CaseIterable {
    /// A draft, for a person to review.
    case draft
    /// Sent, and so due; no e-mail goes out.
    case sent
  }

  /// The origin of the taxes.
  enum Taxes: String, CaseIterable {
    /// The other app's tax lines.
    case source
    /// Taxes that Zoho Books computes, without the other app's tax lines.
    case zohobooks
  }

  /// The form of credits.
  enum Credits: String, CaseIterable {
    /// A discount on the whole invoice.
    case discount
    /// Lines with a negative rate.
    case lines
  }

  /// The treatment of an amount that was paid before.
  enum PaidAmounts: String, CaseIterable {
    /// It is deducted from the invoice.
    case discount
    /// The invoice has the full amount; a person records the payment.
    case whole
  }

  let status: Status
  let taxes: Taxes
  let credits: Credits
  let paidAmounts: PaidAmounts
  /// Whether the days until the invoice is due are passed on.
  let hasNetTerms: Bool
  let zone: TimeZoneRules

  init(_ call: Invocation<Invoice>) throws(Halt) {
    status = try call.choice("status") ?? .sent
    taxes = try call.choice("taxes") ?? .source
    credits = try call.choice("credits") ?? .discount
    paidAmounts = try call.choice("paidAmounts") ?? .discount
    hasNetTerms = call.option("netTerms").bool ?? true
    zone = try call.timeZone()
  }

  /// Whether the other app's tax lines are left out.
  var leavesTaxes: Bool { taxes == .zohobooks }
}
