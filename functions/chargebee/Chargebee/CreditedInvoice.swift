import FoundationEssentials
public import StepKit
public import Values

/// Reads a Chargebee invoice that credits have paid: for other apps that is a payment like any other.
public struct CreditedInvoice: Sendable {
  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The reading of a call, as far as its answers go.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The payment, why there is none, or what must be asked first.
  public func reading() throws(Failure) -> Part<ChargebeePayment.Reading> {
    let claimed = event.content["invoice"]
    guard let id = claimed["id"].nonBlank else {
      throw .permanent("the event names no invoice: content.invoice.id is missing")
    }
    if let objection = objection(claimed, id) { return .has(.nothing(objection)) }
    guard let read = answers["invoice"] else {
      return .needs([.get("invoice", "/invoices/\(id.percentEncoded)")])
    }
    // A webhook is signed by nobody, so what Chargebee itself says counts
    let invoice = try Chargebee.value(of: read, "invoice \(id.truncated(to: 60))")["invoice"]
    if let objection = objection(invoice, id) { return .has(.nothing(objection)) }
    return .has(.payment(try payment(invoice, id)))
  }

  private var answers: [String: Answer] { call.answers }

  private func objection(_ invoice: JSON, _ id: String) -> String? {
    let status = invoice["status"].nonBlank ?? "without a status"
    guard status == "paid" else {
      return "invoice \(id.truncated(to: 60)) is \(status.truncated(to: 40))"
    }
    guard (invoice["credits_applied"].int ?? 0) > 0 else {
      return "invoice \(id.truncated(to: 60)) was paid without credits"
    }
    return nil
  }

  private func payment(_ invoice: JSON, _ id: String) throws(Failure) -> Payment {
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    guard let currency = invoice["currency_code"].nonBlank?.uppercased(),
      let customer = invoice["customer_id"].nonBlank,
      let amount = try currencies.amount(invoice["credits_applied"], currency),
      let seconds = invoice["paid_at"].int ?? event.json["occurred_at"].int
    else {
      throw .permanent("invoice \(id.truncated(to: 60)) lacks a currency, a customer or a date")
    }
    var paid = PaidInvoice(
      ids: [Chargebee.name: id], isPaid: true,
      items: PaidItems.items(
        of: invoice, currency: currency, try currencies.places(of: currency)))
    paid.reference = invoice["po_number"].nonBlank
    paid.applied = amount
    var payment = Payment(
      ids: [Chargebee.name: "cb-credit-\(id)"], customer: Customer(ids: [Chargebee.name: customer]),
      money: Money(amount, currency), at: Timestamp(seconds: seconds), invoices: [paid])
    payment.method = "credits"
    return payment
  }
}
