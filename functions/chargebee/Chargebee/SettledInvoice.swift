import FoundationEssentials
public import StepKit
public import Values

/// Reads a Chargebee invoice that credits paid: to other apps it is a payment like any other.
public struct CreditedInvoice: Sendable {
  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The invoice of an event.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The payment, or a stop if credits did not pay the invoice.
  public func reply() throws(Halt) -> Reply<Payment> {
    let claimed = event.content["invoice"]
    guard let id = claimed["id"].nonBlank else {
      throw .permanent("the event names no invoice: content.invoice.id is missing")
    }
    let name = "invoice \(id.truncated(to: 60))"
    if let objection = objection(claimed, name) { return .stop(objection) }
    // Webhooks are not signed, so the invoice is read from the API
    let read = try call.answers.answer(to: .get("invoice", "/invoices/\(id.percentEncoded)"))
    let invoice = try Chargebee.value(of: read, name)["invoice"]
    if let objection = objection(invoice, name) { return .stop(objection) }
    return .done(try payment(invoice, id, name))
  }

  private func objection(_ invoice: JSON, _ name: String) -> String? {
    let status = invoice["status"].nonBlank ?? "without a status"
    guard status == "paid" else { return "\(name) is \(status.truncated(to: 40))" }
    guard (invoice["credits_applied"].int ?? 0) > 0 else {
      return "\(name) was paid without credits"
    }
    return nil
  }

  private func payment(_ invoice: JSON, _ id: String, _ name: String) throws(Halt) -> Payment {
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    guard let currency = invoice["currency_code"].nonBlank?.uppercased(),
      let customer = invoice["customer_id"].nonBlank,
      let amount = try currencies.amount(invoice["credits_applied"], currency),
      let seconds = invoice["paid_at"].int ?? event.json["occurred_at"].int
    else { throw .permanent("\(name) lacks a currency, a customer or a date") }
    var paid = PaidInvoice(
      ids: [Chargebee.name: id], isPaid: true,
      items: PaidItems.items(of: invoice, places: try currencies.places(of: currency)))
    paid.reference = invoice["po_number"].nonBlank
    paid.applied = amount
    var payment = Payment(
      ids: [Chargebee.name: "cb-credit-\(id)"], customer: Customer(ids: [Chargebee.name: customer]),
      money: Money(amount, currency), at: Timestamp(seconds: seconds), invoices: [paid])
    payment.method = "credits"
    return payment
  }
}
