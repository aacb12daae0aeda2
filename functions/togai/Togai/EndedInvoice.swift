import FoundationEssentials
public import StepKit
import Values

/// Reads a Togai invoice that ended otherwise than by payment: voided, merged into another, or given up.
public struct EndedInvoice: Sendable {
  private let id: String
  private let answers: [String: Answer]

  /// The invoice of an event.
  public init(of id: String, _ answers: [String: Answer]) {
    self.id = id
    self.answers = answers
  }

  /// Its ending, or a stop if it has not ended so.
  public func reply() throws(Halt) -> Reply<InvoiceEnding> {
    let invoice = try TogaiInvoice(reading: id, answers)
    guard !invoice.isOrder else { return .stop("\(id) is an order, and only invoices are synced") }
    let state: InvoiceEnding.State
    switch invoice.status {
    case "VOID": state = .voided
    case "MERGED": state = .merged
    case "UN_COLLECTIBLE": state = .uncollectible
    default: return .stop("invoice \(id) is \(invoice.status)")
    }
    return .done(try ending(of: invoice, state))
  }

  /// Its ending as void since a person asks for that, or not synced if something of it is paid.
  public func reply(to person: String) throws(Halt) -> Reply<InvoiceEnding> {
    let invoice = try TogaiInvoice(reading: id, answers)
    guard !invoice.isOrder else { return .stop("\(id) is an order, and only invoices are synced") }
    var ending = try ending(of: invoice, .voided)
    guard ending.amount <= 0, invoice.status != "PAID" else {
      return .notSynced(
        "invoice \(id) is \(invoice.status), and \(ending.amount) \(ending.currency) of it are paid: give the"
          + " money back before it is voided, then `meterbridge attention acknowledge`")
    }
    ending.cause = person.truncated(to: 60)
    return .done(ending)
  }

  private func ending(
    of invoice: TogaiInvoice, _ state: InvoiceEnding.State
  ) throws(Halt) -> InvoiceEnding {
    guard let currency = invoice.currency else {
      throw .permanent(
        "invoice \(id.truncated(to: 60)) has no currency: set that of the account in"
          + " Togai, and retry the run")
    }
    let (total, paid) = (try invoice.total, try invoice.paid)
    let amount = state == .uncollectible ? total - paid : paid
    return InvoiceEnding(
      ids: [TogaiAPI.name: invoice.id],
      customer: invoice.owner.map { [TogaiAPI.name: $0] } ?? [:], state: state,
      currency: currency, total: total, amount: amount)
  }
}
