import FoundationEssentials
public import StepKit
import Values

/// Gives one of Togai's own invoices the status that belongs to what became of it in another app.
///
/// | in the other app | Togai's invoice | result |
/// |---|---|---|
/// | voided | nothing of it is paid | `VOID` |
/// | written off | no more than that is open | `UN_COLLECTIBLE` |
/// | refunded in full | paid, no more than that | `REFUND_INITIATED` |
/// | refunded in part, or a payment did not last | any | not synced: a person decides |
/// | any of the first three | has the status already | unchanged |
/// | any of the first three | otherwise | not synced, with the amounts |
/// | refunded, and Togai has no such invoice | granted something for it | see ``GrantVoiding`` |
public struct InvoiceClosing: Sendable {
  private let ending: InvoiceEnding
  private let source: Source
  private let answers: [String: Answer]

  /// The closing of the invoice of a call.
  public init(_ call: Invocation<InvoiceEnding>) throws(Halt) {
    source = try Source(of: "invoice", call.input.ids, besides: TogaiAPI.name)
    ending = call.input
    answers = call.answers
  }

  /// The ending with the invoice's id in Togai, or a stop if Togai has no such invoice.
  public func reply() throws(Halt) -> Reply<InvoiceEnding> {
    var foreign = PaidInvoice(ids: [source.app: source.id], isPaid: false, items: [])
    foreign.reference = ending.reference
    let own = try OwnInvoices(invoices: [foreign], app: source.app, answers: answers).ids()
    guard let id = own.first ?? nil else {
      return try voided() ?? .stop("invoice \(source.id) is no invoice of Togai's")
    }
    let invoice = try TogaiInvoice(reading: id, answers)
    if let objection = try objection(invoice) {
      return .notSynced(
        "invoice \(id): \(objection): bring the two to one state by hand,"
          + " then `meterbridge attention acknowledge`")
    }
    guard let status else {
      return .notSynced(
        "invoice \(id): \(reason), and Togai has no status for that: correct it there by hand,"
          + " then `meterbridge attention acknowledge`")
    }
    let change = StatusChange(
      invoice: invoice, status: status, reason: reason, name: "changed", answers: answers)
    switch try change.result() {
    case .refused(let finding): return .notSynced(finding)
    case .done(let note):
      var output = ending
      output.ids[TogaiAPI.name] = id
      return .done(output, note: note)
    }
  }

  // MARK: Private

  /// The reply for an invoice that is not Togai's own, and for which something was granted; nil if nothing was.
  private func voided() throws(Halt) -> Reply<InvoiceEnding>? {
    guard [.refunded, .reversed].contains(ending.state), !ending.prices.isEmpty else { return nil }
    return try GrantVoiding(
      ending: ending, source: source, reason: reason, answers: answers
    ).reply()
  }

  /// Togai's status for the ending; nil if it has none.
  private var status: StatusChange.Status? {
    switch ending.state {
    case .voided, .merged: .void
    case .uncollectible: .uncollectible
    case .refunded: ending.amount >= ending.total ? .refunded : nil
    case .reversed: nil
    }
  }

  /// The smallest amount, by which rounding may differ.
  private var unit: Decimal { Decimal(minor: 1, places: Money.places(of: ending.currency)) }

  private func text(_ amount: Decimal) -> String { "\(amount) \(ending.currency)" }

  private var reason: String {
    let app = source.app.titled
    return switch ending.state {
    case .voided, .merged: "it is \(ending.state.rawValue) in \(app)"
    case .uncollectible: "\(text(ending.amount)) of it were written off in \(app)"
    case .refunded:
      "\(text(ending.amount)) of \(text(ending.total)) were refunded in \(app)"
    case .reversed:
      "payment \(ending.cause ?? "?") of \(text(ending.amount)) in \(app) did not last"
    }
  }

  /// The clause for a person if Togai's invoice is not in a state that the change is for; nil if it is, or is
  /// changed already.
  private func objection(_ invoice: TogaiInvoice) throws(Halt) -> String? {
    let paid = try invoice.paid
    let state = "\(reason), and Togai has it \(invoice.status), \(text(paid)) paid"
    switch status {
    case .void:
      let isFree = paid <= 0 && ["DRAFT", "DUE", "UN_COLLECTIBLE"].contains(invoice.status)
      return isFree || ["VOID", "MERGED"].contains(invoice.status) ? nil : state
    case .uncollectible:
      guard ["DUE", "PARTIALLY_PAID"].contains(invoice.status) else {
        return invoice.status == "UN_COLLECTIBLE" ? nil : state
      }
      let open = try invoice.total - paid
      return open - ending.amount <= unit ? nil : "\(state), and \(text(open)) open"
    case .refunded:
      let isIn = ["PAID", "REFUND_INITIATED", "REFUND_COMPLETED"].contains(invoice.status)
      // Something may have been paid before the invoice was made in the other app
      return isIn && paid - ending.amount <= unit ? nil : state
    case nil: return nil
    }
  }
}
