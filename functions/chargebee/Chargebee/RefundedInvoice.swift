import FoundationEssentials
public import StepKit
public import Values

/// Reads the invoice of which money went back: a refund, or a payment that failed late.
///
/// The status of the invoice does not change; credit notes on it document refunds:
/// https://apidocs.chargebee.com/docs/api/invoices/refund-an-invoice. Which event tells of a late failure is
/// not documented; `transaction_updated` with the status `late_failure` is taken for it.
public struct RefundedInvoice: Sendable {
  private let call: Invocation<JSON>
  private let event: ChargebeeEvent
  private var answers: [String: Answer] { call.answers }

  /// The invoice of an event.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The ending of the invoice, or a stop if no money went back.
  public func reply() throws(Halt) -> Reply<InvoiceEnding> {
    let claimed = event.content["transaction"]
    guard let id = claimed["id"].verbatim else {
      throw .permanent(
        "the event names no transaction: content.transaction.id is missing; look at it with `meterbridge event show`"
      )
    }
    let isRefund = event.type == "payment_refunded"
    if let objection = objection(claimed, isRefund) { return .stop(objection) }
    // Webhooks are not signed, so the transaction is read from the API
    let read = try answers.answer(to: .get("transaction", "/transactions/\(id.percentEncodedPath)"))
    let name = "transaction \(id.truncated(to: 60))"
    let transaction = try ChargebeeAPI.value(of: read, name)["transaction"]
    if let objection = objection(transaction, isRefund) { return .stop(objection) }
    let invoices =
      isRefund
      ? transaction["linked_credit_notes"].items.compactMap {
        $0["cn_reference_invoice_id"].verbatim
      } : transaction["linked_invoices"].items.compactMap { $0["invoice_id"].verbatim }
    let ids = invoices.distinctByBytes
    guard let invoice = ids.first else { return .stop("\(name) is for no invoice") }
    guard ids.count == 1 else {
      return .notSynced(
        "\(name) is for \(ids.count) invoices (\(ids.prefix(20).joined(separator: ", ").truncated(to: 500))), and"
          + " money of them went back: correct those that it was for by hand, then `meterbridge attention acknowledge`"
      )
    }
    return .done(try ending(of: invoice, by: transaction, id, isRefund))
  }

  // MARK: Private

  private func objection(_ transaction: JSON, _ isRefund: Bool) -> String? {
    let type = (transaction["type"].nonBlank ?? "without a type").truncated(to: 40)
    let status = (transaction["status"].nonBlank ?? "without a status").truncated(to: 40)
    let isWanted =
      isRefund
      ? ["refund", "payment_reversal"].contains(type) && status == "success"
      : type == "payment" && status == "late_failure"
    return isWanted
      ? nil : "the transaction is a \(type) with status \(status), by which no money went back"
  }

  private func ending(
    of id: String, by transaction: JSON, _ cause: String, _ isRefund: Bool
  ) throws(Halt) -> InvoiceEnding {
    let name = "invoice \(id.truncated(to: 60))"
    let read = Effect.get("invoice", "/invoices/\(id.percentEncodedPath)")
    let query: JSON = [
      "reference_invoice_id": ["is": .string(id)], "sort_by": ["desc": "date"], "limit": 100,
    ]
    let notes = Effect.get("notes", "/credit_notes", query: query)
    try answers.require(isRefund ? [read, notes] : [read])
    let invoice = try ChargebeeAPI.value(of: try answers.answer(to: read), name)["invoice"]
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    guard let currency = invoice["currency_code"].nonBlank?.uppercased() else {
      throw .permanent("\(name) lacks a currency: look there, and retry the run")
    }
    let places = try currencies.places(of: currency)
    func amount(_ json: JSON) throws(Halt) -> Decimal {
      Decimal(minor: try json.minorAmount(of: name) ?? 0, places: places)
    }
    var back = Decimal(0)
    if isRefund {
      let list = try ChargebeeAPI.value(
        of: try answers.answer(to: notes), "the credit notes of \(name)")
      // All refunds of it so far, whatever event comes first
      for json in list["list"].items.map({ $0["credit_note"] })
      where json["status"].string != "voided" { back += try amount(json["amount_refunded"]) }
    } else {
      let linked = transaction["linked_invoices"].items.first { $0["invoice_id"] == .string(id) }
      back = try amount(linked?["applied_amount"] ?? .null)
    }
    var ending = InvoiceEnding(
      ids: [ChargebeeAPI.name: id],
      customer: invoice["customer_id"].verbatim.map { [ChargebeeAPI.name: $0] } ?? [:],
      state: isRefund ? .refunded : .reversed, currency: currency,
      total: try amount(invoice["total"]), amount: back)
    ending.reference =
      InvoiceReference(call.settings).id(of: invoice) ?? invoice["po_number"].verbatim
    ending.cause = cause
    ending.prices = invoice["line_items"].items.compactMap { $0["entity_id"].verbatim }
    return ending
  }
}
