import FoundationEssentials
public import StepKit
public import Values

/// Reads a Chargebee invoice that ended otherwise than by payment: voided, deleted, or written off.
///
/// A write-off makes an invoice `paid`: https://apidocs.chargebee.com/docs/api/invoices/write-off-an-invoice.
public struct EndedInvoice: Sendable {
  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The invoice of an event.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// Its ending, or a stop if it has not ended so.
  public func reply() throws(Halt) -> Reply<InvoiceEnding> {
    let claimed = event.content["invoice"]
    guard let id = claimed["id"].verbatim else {
      throw .permanent(
        "the event names no invoice: content.invoice.id is missing; look at it with `meterbridge event show`"
      )
    }
    let name = "invoice \(id.truncated(to: 60))"
    guard try ending(claimed, id) != nil else { return .stop("\(name) is \(status(claimed))") }
    // Webhooks are not signed, so the invoice is read from the API
    let read = try call.answers.answer(to: .get("invoice", "/invoices/\(id.percentEncodedPath)"))
    // A deleted one is not shown any more
    let isGone = read.status == 404 && event.type == "invoice_deleted"
    let invoice = isGone ? claimed : try ChargebeeAPI.value(of: read, name)["invoice"]
    guard let ending = try ending(invoice, id) else {
      return .stop("\(name) is \(status(invoice))")
    }
    return .done(ending)
  }

  // MARK: Private

  private func status(_ invoice: JSON) -> String {
    (invoice["status"].nonBlank ?? "without a status").truncated(to: 40)
  }

  private func ending(_ invoice: JSON, _ id: String) throws(Halt) -> InvoiceEnding? {
    let isDeleted = event.type == "invoice_deleted" && invoice["deleted"].bool != false
    let isVoided = invoice["status"].string == "voided" || isDeleted
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    guard let currency = invoice["currency_code"].nonBlank?.uppercased() else {
      throw .permanent(
        "invoice \(id.truncated(to: 60)) lacks a currency: look there, and retry the run")
    }
    let places = try currencies.places(of: currency)
    func amount(_ name: String) throws(Halt) -> Decimal {
      Decimal(minor: try invoice[name].minorAmount(of: "invoice \(id)") ?? 0, places: places)
    }
    let written = try amount("write_off_amount")
    guard isVoided || written > 0 else { return nil }
    var ending = InvoiceEnding(
      ids: [ChargebeeAPI.name: id],
      customer: invoice["customer_id"].verbatim.map { [ChargebeeAPI.name: $0] } ?? [:],
      state: isVoided ? .voided : .uncollectible, currency: currency, total: try amount("total"),
      amount: isVoided ? try amount("amount_paid") : written)
    ending.reference =
      InvoiceReference(call.settings).id(of: invoice) ?? invoice["po_number"].verbatim
    return ending
  }
}
