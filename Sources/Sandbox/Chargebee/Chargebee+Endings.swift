import Values

/// The ends of invoices: voided, written off.
///
/// What must not be is documented at https://apidocs.chargebee.com/docs/api/invoices/void-an-invoice and
/// https://apidocs.chargebee.com/docs/api/invoices/write-off-an-invoice.
extension Chargebee {
  mutating func voidInvoice(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    var invoice = try openInvoice(request.id)
    if let reason = objectionToVoid(invoice) {
      throw .state("invoice \(request.id) cannot be voided: \(reason)")
    }
    giveBackCredits(of: invoice)
    invoice.merge([
      "status": "voided", "voided_at": .int(context.now.seconds), "amount_due": 0,
      "amount_to_collect": 0, "void_reason_code": .text(request.text("void_reason_code")),
    ])
    stamp(&invoice)
    invoices[request.id] = invoice
    announceInvoice("invoice_updated", request.id, by: request.cause)
    return try self.invoice(request.id)
  }

  mutating func writeOff(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let invoice = try openInvoice(request.id)
    let payments = invoice["linked_payments"]?.array ?? []
    guard !payments.contains(where: { $0["txn_status"] == "in_progress" }) else {
      throw .state("invoice \(request.id) has a payment in progress")
    }
    let note = adjust(
      request.id, amount: invoice.int("amount_due"), reason: "Write Off", by: request.cause)
    if var written = invoices[request.id] {
      written["write_off_amount"] = invoice["amount_due"]
      stamp(&written)
      invoices[request.id] = written
    }
    announceInvoice("invoice_updated", request.id, by: request.cause)
    return .members([
      "invoice": invoices.json(request.id), "credit_note": creditNotes.json(note),
    ])
  }

  /// An invoice that can be paid, voided or written off.
  func openInvoice(_ id: String) throws(ChargebeeError) -> Members {
    let invoice = try find(id, in: invoices, "invoice")
    guard Self.open.contains(invoice.text("status")) else {
      throw .state("invoice \(id) is \(invoice.text("status"))")
    }
    return invoice
  }

  // MARK: Private

  private func objectionToVoid(_ invoice: Members) -> String? {
    let payments = invoice["linked_payments"]?.array ?? []
    let notes = ["applied_credits", "issued_credit_notes"].flatMap { invoice[$0]?.array ?? [] }
    if payments.contains(where: { ["success", "in_progress"].contains($0["txn_status"].string) }) {
      return "it has payments"
    }
    if invoice.int("amount_adjusted") != 0 { return "it has adjustments" }
    if notes.contains(where: { ["refunded", "refund_due"].contains($0["cn_status"].string) }) {
      return "it has credit notes"
    }
    return invoice["linked_taxes_withheld"]?.array?.isEmpty ?? true
      ? nil : "taxes of it were withheld"
  }

  /// Gives promotional credits back to the customer.
  private mutating func giveBackCredits(of invoice: Members) {
    let id = invoice.text("customer_id")
    let credits = invoice["applied_credits"]?.array ?? []
    let amount = credits.filter { $0["cn_id"] == "promotional" }
      .reduce(0) { $0 + ($1["applied_amount"].int ?? 0) }
    guard amount > 0, var customer = customers[id] else { return }
    customer["promotional_credits"] = .int(customer.int("promotional_credits") + amount)
    stamp(&customer)
    customers[id] = customer
  }
}
