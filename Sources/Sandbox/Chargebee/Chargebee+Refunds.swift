import Values

/// Money that goes back, and payments that do not last:
/// https://apidocs.chargebee.com/docs/api/invoices/refund-an-invoice.
extension Chargebee {
  /// Refunds a payment by card; the status of the invoice stays, and a credit note documents it.
  mutating func refund(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    try refund(
      request, amount: request.int("refund_amount"), method: nil,
      reason: request.text("credit_note[create_reason_code]") ?? "Other")
  }

  /// Books a refund that was made elsewhere.
  mutating func recordRefund(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    guard let method = request.text("transaction[payment_method]") else {
      throw .wrong("transaction[payment_method]", "cannot be blank")
    }
    return try refund(
      request, amount: request.int("transaction[amount]"), method: method,
      reason: request.text("credit_note[create_reason_code]") ?? "Other")
  }

  /// Takes a payment off an invoice; the money becomes an excess payment.
  mutating func removePayment(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let id = request.text("transaction[id]") ?? ""
    let applied = try unlink(id, from: request.id, status: nil)
    if var transaction = transactions[id] {
      transaction["amount_unused"] = .int(transaction.int("amount_unused") + applied)
      transaction["linked_invoices"] = .array(
        (transaction["linked_invoices"]?.array ?? []).filter {
          $0["invoice_id"].string != request.id
        })
      stamp(&transaction)
      transactions[id] = transaction
    }
    if let invoice = invoices[request.id], var payer = customers[invoice.text("customer_id")] {
      payer["excess_payments"] = .int(payer.int("excess_payments") + applied)
      stamp(&payer)
      customers[invoice.text("customer_id")] = payer
    }
    announceInvoice("invoice_updated", request.id, by: request.cause)
    return .members([
      "invoice": invoices.json(request.id), "transaction": transactions.json(id),
    ])
  }

  /// Lets a payment that succeeded fail late, as debits of banks do days later.
  mutating func failLate(_ id: String) throws(SandboxError) -> JSON {
    guard var transaction = transactions[id], transaction.text("status") == "success" else {
      throw SandboxError("payment \(id) is not one that succeeded")
    }
    let invoices = (transaction["linked_invoices"]?.array ?? []).compactMap {
      $0["invoice_id"].string
    }
    transaction.merge([
      "status": "late_failure", "error_code": "insufficient_funds",
      "error_text": "The bank returned the debit",
    ])
    stamp(&transaction)
    transactions[id] = transaction
    let cause = Cause(source: .system)
    announce("transaction_updated", ["transaction": .object(transaction)], by: cause)
    for invoice in invoices {
      do throws(ChargebeeError) {
        _ = try unlink(id, from: invoice, status: "late_failure")
      } catch {
        throw SandboxError(error.message)
      }
      announceInvoice("invoice_updated", invoice, by: cause)
    }
    return .object(transaction)
  }

  // MARK: Private

  private mutating func refund(
    _ request: ChargebeeRequest, amount: Int?, method: String?, reason: String
  ) throws(ChargebeeError) -> JSON {
    guard var invoice = invoices[request.id] else { throw .missing("invoice", request.id) }
    let linked = (invoice["linked_payments"]?.array ?? []).filter { $0["txn_status"] == "success" }
    let paid = linked.compactMap { $0["txn_id"].string }.compactMap { transactions[$0] }
    guard
      let payment = paid.first(where: { ($0.text("payment_method") == "card") == (method == nil) })
    else { throw .state("invoice \(request.id) has no payment to refund") }
    let back = (invoice["issued_credit_notes"]?.array ?? []).reduce(0) {
      $0 + ($1["cn_total"].int ?? 0)
    }
    let left = invoice.int("amount_paid") - back
    let amount = amount ?? left
    guard amount > 0, amount <= left else {
      throw .wrong("refund_amount", "is more than can be refunded")
    }
    let (now, id) = (context.now.seconds, context.ids.chargebee("txn_"))
    let noteID = keepCreditNote(
      "refundable", on: invoice,
      lines: [.init(description: reason, amount: amount, from: now, to: now)], reason: reason,
      by: request.cause)
    var note = creditNotes[noteID] ?? [:]
    note.merge([
      "status": "refunded", "amount_refunded": .int(amount), "amount_available": 0,
      "refunded_at": .int(now),
      "linked_refunds": [
        .members([
          "txn_id": .string(id), "applied_amount": .int(amount), "applied_at": .int(now),
          "txn_status": "success", "txn_date": .int(now), "txn_amount": .int(amount),
        ])
      ],
    ])
    stamp(&note)
    creditNotes[noteID] = note
    var transaction = Members([
      "id": .string(id), "object": "transaction", "deleted": false, "type": "refund",
      "customer_id": invoice["customer_id"], "subscription_id": invoice["subscription_id"],
      "payment_method": .string(method ?? "card"), "status": "success",
      "gateway": method == nil ? "stripe" : "not_applicable", "date": .int(now),
      "amount": .int(amount), "amount_unused": 0, "currency_code": invoice["currency_code"],
      "refunded_txn_id": payment["id"], "linked_invoices": [], "linked_refunds": [],
      "linked_credit_notes": [
        .members([
          "cn_id": .string(noteID), "applied_amount": .int(amount), "applied_at": .int(now),
          "cn_total": .int(amount), "cn_status": "refunded",
          "cn_reference_invoice_id": invoice["id"],
        ])
      ],
    ])
    stamp(&transaction)
    transactions[id] = transaction
    invoice["issued_credit_notes"] = .array(
      (invoice["issued_credit_notes"]?.array ?? []) + [reference(to: noteID)])
    stamp(&invoice)
    invoices[request.id] = invoice
    var content = content(ofCustomer: invoice.text("customer_id"))
    content["transaction"] = .object(transaction)
    content["invoice"] = .object(invoice)
    content["credit_note"] = .object(note)
    announce("payment_refunded", content, by: request.cause)
    return .members([
      "invoice": .object(invoice), "transaction": .object(transaction),
      "credit_note": .object(note),
    ])
  }

  /// Takes a payment off an invoice, or gives its link another status, and returns its amount.
  private mutating func unlink(
    _ id: String, from invoiceID: String, status: String?
  ) throws(ChargebeeError) -> Int {
    var invoice = try find(invoiceID, in: invoices, "invoice")
    var links = invoice["linked_payments"]?.array ?? []
    guard
      let index = links.firstIndex(where: {
        $0["txn_id"].string == id && $0["txn_status"] == "success"
      })
    else { throw .missing("payment", id) }
    let applied = links[index]["applied_amount"].int ?? 0
    if let status {
      links[index] = links[index].with("txn_status", .string(status))
    } else {
      links.remove(at: index)
    }
    let due = invoice.int("amount_due") + applied
    invoice.merge([
      "linked_payments": .array(links), "amount_paid": .int(invoice.int("amount_paid") - applied),
      "amount_due": .int(due), "amount_to_collect": .int(due), "status": "not_paid",
    ])
    stamp(&invoice)
    invoices[invoiceID] = invoice
    return applied
  }
}
