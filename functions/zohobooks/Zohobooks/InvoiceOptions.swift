import StepKit
import Values

/// What a flow says about invoices that are to be made.
struct InvoiceOptions {
  /// How an invoice is left.
  enum Status: String, CaseIterable {
    /// As a draft, for a person to look at.
    case draft
    /// As one that was sent, and is owed; no e-mail goes out.
    case sent
  }

  /// Whose taxes are on the bill.
  enum Taxes: String, CaseIterable {
    /// Those of the other app, as lines.
    case source
    /// Those that Zoho Books computes; the other app's lines stay out.
    case zohobooks
  }

  /// How credits are written.
  enum Credits: String, CaseIterable {
    /// As a discount on the whole invoice.
    case discount
    /// As lines with a negative rate.
    case lines
  }

  /// What becomes of an amount that was paid before.
  enum PaidAmounts: String, CaseIterable {
    /// It is taken off the bill.
    case discount
    /// The bill is of the whole; the payment is recorded by a person.
    case whole
  }

  let status: Status
  let taxes: Taxes
  let credits: Credits
  let paidAmounts: PaidAmounts
  /// Whether the days until it is due are passed on.
  let hasNetTerms: Bool
  let offset: UTCOffset

  init(_ call: Invocation<Invoice>) throws(Failure) {
    status = try call.choice("status") ?? .sent
    taxes = try call.choice("taxes") ?? .source
    credits = try call.choice("credits") ?? .discount
    paidAmounts = try call.choice("paidAmounts") ?? .discount
    hasNetTerms = call.option("netTerms").bool ?? true
    offset = try UTCOffset(call.settings["utcOffset"])
  }

  /// Whether the other app's taxes stay out.
  var leavesTaxes: Bool { taxes == .zohobooks }
}
