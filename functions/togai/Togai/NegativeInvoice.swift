import FoundationEssentials
public import StepKit
import Values

/// Reads a Togai invoice of less than nothing, which is a credit of the customer.
///
/// Togai gives it the status REFUND_COMPLETED and pays nothing back:
/// https://docs.togai.com/docs/invoices.
public struct NegativeInvoice: Sendable {
  private let invoice: TogaiInvoice
  private let answers: [String: Answer]

  /// The invoice of an id.
  public init(_ id: String, _ answers: [String: Answer]) throws(Halt) {
    invoice = try TogaiInvoice(reading: id, answers)
    self.answers = answers
  }

  /// The credit, or a stop if the invoice is none.
  public func reply() throws(Halt) -> Reply<Credit> {
    let kind = invoice.json["invoiceClass"].nonBlank ?? "without a class"
    guard kind == "INVOICE" else {
      return .stop("\(invoice.id) is \(kind), and only invoices are synced")
    }
    guard try invoice.total < 0 else {
      return .stop("invoice \(invoice.id) is not of less than nothing")
    }
    // A draft may change yet, and a void one counts no more
    guard ["DUE", "PAID", "REFUND_COMPLETED"].contains(invoice.status) else {
      return .stop("invoice \(invoice.id) is \(invoice.status)")
    }
    if invoice.isFinalizing {
      return .retry("Togai is still finalizing invoice \(invoice.id)", after: 300, aside: true)
    }
    guard let currency = invoice.currency else {
      throw .permanent(
        "Togai invoice \(invoice.id) names no currency: set that of the account in Togai,"
          + " and retry the run")
    }
    let places = Money.places(of: currency)
    guard let minor = try (-invoice.total).minor(places: places) else {
      throw .permanent(
        "the total of Togai invoice \(invoice.id) is no amount of \(currency):"
          + " correct it in Togai, and retry the run")
    }
    guard minor > 0 else { return .stop("invoice \(invoice.id) rounds to nothing") }
    if try invoice.hasPayments {
      return .notSynced(
        "invoice \(invoice.id) is of \(try invoice.total) \(currency), and something of it is paid: give the"
          + " customer the rest by hand, then `meterbridge attention acknowledge`")
    }
    let customer = try InvoicedCustomer(of: invoice, answers).ids()
    var credit = Credit(
      ids: [TogaiAPI.name: invoice.id], customer: customer,
      amount: Money(minor: minor, places: places, currency))
    credit.number = invoice.json["sequenceId"].nonBlank
    credit.subject = invoice.json[path: "invoiceDetails.pricePlanName"].nonBlank
    credit.date = invoice.json["invoiceDate"].time
    return .done(credit)
  }
}
