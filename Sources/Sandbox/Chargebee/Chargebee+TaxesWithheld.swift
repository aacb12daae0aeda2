import Values

/// Taxes that a customer withheld from an invoice:
/// https://apidocs.chargebee.com/docs/api/invoices/record-tax-withheld-for-an-invoice.
///
/// Whether `invoice_updated` is sent beside the event is not documented; the sandbox does not send it.
extension Chargebee {
  mutating func recordTaxWithheld(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    var invoice = try openInvoice(request.id)
    let known = invoice["linked_taxes_withheld"]?.array ?? []
    guard known.isEmpty, invoice.int("amount_due") > 0 else {
      throw .state("a tax withheld is recorded on invoice \(request.id) already")
    }
    let amount = request.int("tax_withheld[amount]") ?? invoice.int("amount_due")
    guard amount <= invoice.int("amount_due") else {
      throw .wrong("tax_withheld[amount]", "is more than the amount due")
    }
    let date = request.int("tax_withheld[date]") ?? context.now.seconds
    let tax = JSON.members([
      "id": .string(context.ids.chargebee("tax_wh_")), "amount": .int(amount),
      "date": .int(date), "description": .text(request.text("tax_withheld[description]")),
      "reference_number": .text(request.text("tax_withheld[reference_number]")),
    ])
    let left = invoice.int("amount_due") - amount
    invoice.merge([
      "linked_taxes_withheld": .array([tax]), "amount_due": .int(left),
      "amount_to_collect": .int(left),
    ])
    if left == 0 { invoice.merge(["status": "paid", "paid_at": .int(date)]) }
    stamp(&invoice)
    invoices[request.id] = invoice
    announce(
      "tax_withheld_recorded", ["tax_withheld": tax, "invoice": .object(invoice)],
      by: request.cause)
    return try self.invoice(request.id)
  }

  mutating func removeTaxWithheld(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    var invoice = try openInvoice(request.id)
    let known = invoice["linked_taxes_withheld"]?.array ?? []
    guard let tax = known.first(where: { $0["id"].string == request.text("tax_withheld[id]") })
    else { throw .missing("tax withheld", request.text("tax_withheld[id]") ?? "") }
    let left = invoice.int("amount_due") + (tax["amount"].int ?? 0)
    invoice.merge([
      "linked_taxes_withheld": [], "amount_due": .int(left), "amount_to_collect": .int(left),
    ])
    stamp(&invoice)
    invoices[request.id] = invoice
    announce(
      "tax_withheld_deleted", ["tax_withheld": tax, "invoice": .object(invoice)], by: request.cause)
    return try self.invoice(request.id)
  }
}
