import Values

/// Credit notes: https://apidocs.chargebee.com/docs/api/credit_notes.
extension Chargebee {
  /// A line of a credit note.
  struct CreditLine {
    var description: String
    var amount: Int
    var quantity = 1
    /// The item price and its type, if it pays one back.
    var price: Members?
    var from: Int
    var to: Int
  }

  /// Stores a credit note on an invoice, and returns its id.
  ///
  /// An adjustment note is against what is open of the invoice, a refundable one for what was paid of it;
  /// the latter is applied to the customer's next invoices by itself.
  mutating func keepCreditNote(
    _ type: String, on invoice: Members, lines: [CreditLine], reason: String, by cause: Cause
  ) -> String {
    let id = "CN-\(context.ids.number("credit-note"))"
    let total = lines.reduce(0) { $0 + $1.amount }
    let now = JSON.int(context.now.seconds)
    let isAdjustment = type == "adjustment"
    var note = Members([
      "id": .string(id), "object": "credit_note", "customer_id": invoice["customer_id"],
      "subscription_id": invoice["subscription_id"], "reference_invoice_id": invoice["id"],
      "type": .string(type), "status": isAdjustment ? "adjusted" : "refund_due",
      "reason_code": .string(reason.lowercased().replacing(" ", with: "_")),
      "create_reason_code": .string(reason), "date": now, "generated_at": now,
      "price_type": invoice["price_type"], "currency_code": invoice["currency_code"],
      "sub_total": .int(total), "total": .int(total),
      "amount_allocated": .int(isAdjustment ? total : 0), "amount_refunded": 0,
      "amount_available": .int(isAdjustment ? 0 : total), "round_off_amount": 0,
      "fractional_correction": 0, "deleted": false, "channel": "web", "linked_refunds": [],
      "line_items": .array(lines.map { creditLine($0, of: invoice) }), "allocations": [],
      "site_details_at_creation": ["timezone": .string(settings.timeZone)],
    ])
    if isAdjustment { note["allocations"] = [allocation(total, of: invoice)] }
    stamp(&note)
    creditNotes[id] = note
    announce("credit_note_created", ["credit_note": .object(note)], by: cause)
    return id
  }

  /// Settles what is open of an invoice, or a part of it, by an adjustment credit note.
  mutating func adjust(
    _ invoiceID: String, amount: Int, reason: String, by cause: Cause
  ) -> String {
    guard var invoice = invoices[invoiceID] else { return "" }
    let now = context.now.seconds
    let id = keepCreditNote(
      "adjustment", on: invoice,
      lines: [.init(description: reason, amount: amount, from: now, to: now)], reason: reason,
      by: cause)
    let left = invoice.int("amount_due") - amount
    invoice.merge([
      "amount_adjusted": .int(invoice.int("amount_adjusted") + amount), "amount_due": .int(left),
      "amount_to_collect": .int(left),
      "adjustment_credit_notes": .array(
        (invoice["adjustment_credit_notes"]?.array ?? []) + [reference(to: id)]),
    ])
    if left == 0 { invoice.merge(["status": "paid", "paid_at": .int(now)]) }
    stamp(&invoice)
    invoices[invoiceID] = invoice
    return id
  }

  /// Applies refundable credit notes of the customer to a new invoice, the oldest first.
  mutating func applyCreditNotes(to invoice: inout Members) {
    let customer = invoice.text("customer_id")
    for note in creditNotes.all where note.text("customer_id") == customer {
      let used = min(note.int("amount_available"), invoice.int("amount_due"))
      guard used > 0, note.text("type") == "refundable", note.text("status") == "refund_due",
        note["currency_code"] == invoice["currency_code"],
        invoice.text("status") == "payment_due"
      else { continue }
      let left = invoice.int("amount_due") - used
      if left == 0 { invoice.merge(["status": "paid", "paid_at": .int(context.now.seconds)]) }
      var note = note
      let available = note.int("amount_available") - used
      note.merge([
        "amount_allocated": .int(note.int("amount_allocated") + used),
        "amount_available": .int(available), "status": available == 0 ? "refunded" : "refund_due",
        "allocations": .array((note["allocations"]?.array ?? []) + [allocation(used, of: invoice)]),
      ])
      stamp(&note)
      creditNotes[note.text("id")] = note
      invoice.merge([
        "credits_applied": .int(invoice.int("credits_applied") + used), "amount_due": .int(left),
        "amount_to_collect": .int(left),
        "applied_credits": .array(
          (invoice["applied_credits"]?.array ?? []) + [
            .members([
              "object": "applied_credit", "cn_id": note["id"], "applied_amount": .int(used),
              "applied_at": .int(context.now.seconds), "cn_date": note["date"],
              "cn_status": note["status"], "cn_reason_code": note["reason_code"],
            ])
          ]),
      ])
    }
  }

  /// A credit note as invoices refer to it.
  func reference(to id: String) -> JSON {
    let note = creditNotes[id] ?? [:]
    return .members([
      "cn_id": note["id"], "cn_date": note["date"], "cn_total": note["total"],
      "cn_status": note["status"], "cn_reason_code": note["reason_code"],
      "cn_create_reason_code": note["create_reason_code"],
    ])
  }

  /// Credits a part of an open invoice, as a person does at the console.
  mutating func addAdjustment(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "invoice", "amount")
    let id = try request.text("invoice")
    guard let invoice = invoices[id] else { throw SandboxError("invoice \(id) is not known") }
    let amount = try request.int("amount", or: invoice.int("amount_due"))
    guard Self.open.contains(invoice.text("status")), amount > 0,
      amount <= invoice.int("amount_due")
    else { throw SandboxError("invoice \(id) has not that much open") }
    let cause = Cause(source: .console)
    let note = adjust(id, amount: amount, reason: "Service Unsatisfactory", by: cause)
    announceInvoice("invoice_updated", id, by: cause)
    return creditNotes.json(note) ?? .null
  }

  // MARK: Private

  private mutating func creditLine(_ line: CreditLine, of invoice: Members) -> JSON {
    .members([
      "id": .string(context.ids.chargebee("li_")), "object": "line_item",
      "customer_id": invoice["customer_id"],
      "subscription_id": line.price == nil ? nil : invoice["subscription_id"],
      "entity_type": .string(line.price.map { $0.text("item_type") + "_item_price" } ?? "adhoc"),
      "entity_id": line.price?["id"], "description": .string(line.description),
      "date_from": .int(line.from), "date_to": .int(line.to), "quantity": .int(line.quantity),
      "unit_amount": .int(line.amount / max(line.quantity, 1)), "amount": .int(line.amount),
      "pricing_model": "flat_fee", "is_taxed": false, "tax_amount": 0, "discount_amount": 0,
      "item_level_discount_amount": 0,
    ])
  }

  private func allocation(_ amount: Int, of invoice: Members) -> JSON {
    .members([
      "invoice_id": invoice["id"], "allocated_amount": .int(amount),
      "allocated_at": .int(context.now.seconds), "invoice_date": invoice["date"],
      "invoice_status": invoice["status"],
    ])
  }
}
