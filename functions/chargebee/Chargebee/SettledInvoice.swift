import FoundationEssentials
public import StepKit
public import Values

/// Reads a Chargebee invoice with everything that settled it, each once, as a payment to other apps.
///
/// `paid` means that nothing is due, not that money came: see ``Settlements``.
public struct SettledInvoice: Sendable {
  /// The events that may settle an invoice, or undo that.
  ///
  /// An invoice that credits cover from the start is generated as paid, and never updated. Chargebee does not
  /// document whether a tax withheld updates the invoice too; if it does, both events settle it once.
  public static let events = [
    "invoice_generated", "invoice_updated", "tax_withheld_recorded", "tax_withheld_deleted",
    "tax_withheld_refunded",
  ]

  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The invoice of an event.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The payment, or a stop if nothing settled any of the invoice.
  public func reply() throws(Halt) -> Reply<Payment> {
    let claimed = event.content["invoice"]
    if isOfTax, claimed.isNull { return .stop("the tax was withheld from no invoice") }
    guard let id = claimed["id"].verbatim else {
      throw .permanent(
        "the event names no invoice: content.invoice.id is missing; look at it with `meterbridge event show`"
      )
    }
    let name = "invoice \(id.truncated(to: 60))"
    // The invoice of such an event may be the one before
    if !isOfTax, let objection = objection(claimed, name) { return .stop(objection) }
    // Webhooks are not signed, so the invoice is read from the API
    let read = try call.answers.answer(to: .get("invoice", "/invoices/\(id.percentEncodedPath)"))
    let invoice = try ChargebeeAPI.value(of: read, name)["invoice"]
    if let objection = objection(invoice, name) { return .stop(objection) }
    return .done(try payment(invoice, id, name))
  }

  private func objection(_ invoice: JSON, _ name: String) -> String? {
    let status = invoice["status"].nonBlank ?? "without a status"
    guard ["paid", "posted", "payment_due", "not_paid"].contains(status) else {
      return "\(name) is \(status.truncated(to: 40))"
    }
    // What another app asked for may have been settled before, and must not stay so there
    let mayBeUndone = event.type != "invoice_generated" && reference(of: invoice) != nil
    return Settlements.isSettled(invoice) || mayBeUndone
      ? nil : "\(name) is \(status), and nothing has settled any of it"
  }

  private var isOfTax: Bool { event.type.hasPrefix("tax_withheld_") }

  private func reference(of invoice: JSON) -> String? {
    InvoiceReference(call.settings).id(of: invoice) ?? invoice["po_number"].verbatim
  }

  private func payment(_ invoice: JSON, _ id: String, _ name: String) throws(Halt) -> Payment {
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    guard let currency = invoice["currency_code"].nonBlank?.uppercased(),
      let customer = invoice["customer_id"].verbatim,
      let seconds = invoice["paid_at"].int ?? event.json["occurred_at"].int
    else {
      throw .permanent(
        "\(name) lacks a currency, a customer or a date: look there, and retry the run")
    }
    let settlements = Settlements(
      invoice: invoice, id: id, places: try currencies.places(of: currency), answers: call.answers)
    let settled = try settlements.all()
    let sold = SoldItems(
      subscription: .null, payer: customer, currencies: currencies, answers: call.answers)
    let total = settled.reduce(Decimal(0)) { $0 + $1.amount }
    var paid = PaidInvoice(
      ids: [ChargebeeAPI.name: id],
      isPaid: invoice["status"].string == "paid" && !settlements.isWrittenOff,
      items: try sold.items(of: [invoice], [currency]).flatMap(\.self))
    paid.reference = reference(of: invoice)
    paid.applied = total
    paid.settlements = settled
    paid.writtenOff = settlements.isWrittenOff ? try settlements.writtenOff() : nil
    paid.finding = try settlements.finding(explained: total, currency)
    return Payment(
      ids: [ChargebeeAPI.name: "cb-settled-\(id)"],
      customer: Customer(ids: [ChargebeeAPI.name: customer]),
      money: Money(total, currency), at: Timestamp(seconds: seconds), invoices: [paid])
  }
}
