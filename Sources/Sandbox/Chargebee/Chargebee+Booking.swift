import Values

/// Booking of payments and their events.
extension Chargebee {
  /// Books a payment on an invoice and returns the ID of its transaction.
  ///
  /// The excess becomes an excess payment of the customer.
  mutating func take(_ payment: IncomingPayment, for invoiceID: String) -> String {
    guard var invoice = invoices[invoiceID] else { return "" }
    let isGood = payment.status == "success"
    let applied = isGood ? min(payment.amount, invoice.int("amount_due")) : 0
    let left = invoice.int("amount_due") - applied
    let id = context.ids.chargebee("txn_")
    if isGood {
      invoice["amount_paid"] = .int(invoice.int("amount_paid") + applied)
      invoice["amount_due"] = .int(left)
      invoice["amount_to_collect"] = .int(left)
    }
    if left == 0 {
      invoice["status"] = "paid"
      invoice["paid_at"] = .int(payment.date)
    }
    let link = JSON.members([
      "txn_id": .string(id), "applied_amount": .int(applied), "applied_at": .int(payment.date),
      "txn_status": .string(payment.status), "txn_date": .int(payment.date),
      "txn_amount": .int(payment.amount),
    ])
    invoice["linked_payments"] = .array((invoice["linked_payments"]?.array ?? []) + [link])
    stamp(&invoice)
    invoices[invoiceID] = invoice
    keepTransaction(id, payment, applied: applied, invoice: invoice)
    if isGood && payment.amount > applied {
      keepExcess(payment.amount - applied, invoice)
    }
    return id
  }

  /// Emits the event of a payment with the transaction, invoice, subscription, customer and card.
  mutating func announcePayment(_ type: String, _ id: String, invoice: String, by cause: Cause) {
    var content = content(ofCustomer: invoices[invoice]?.text("customer_id") ?? "")
    content["transaction"] = transactions.json(id)
    content["invoice"] = invoices.json(invoice)
    let subscription = invoices[invoice]?.text("subscription_id") ?? ""
    content["subscription"] = subscriptions.json(subscription)
    if type == "payment_succeeded" {
      content = content.filter { !settings.leavesOut.contains($0.key) }
    }
    announce(type, content, by: cause)
  }

  // MARK: Private

  private mutating func keepTransaction(
    _ id: String, _ payment: IncomingPayment, applied: Int, invoice: Members
  ) {
    let card = payment.method == "card" ? cards[invoice.text("customer_id")] : nil
    var transaction = Members([
      "id": .string(id), "object": "transaction", "deleted": false, "type": "payment",
      "customer_id": invoice["customer_id"], "subscription_id": invoice["subscription_id"],
      "payment_method": .string(payment.method), "status": .string(payment.status),
      "gateway": card == nil ? "not_applicable" : "stripe",
      "gateway_account_id": card?["gateway_account_id"],
      "payment_source_id": card?["payment_source_id"],
      "masked_card_number": card?["masked_number"],
      "id_at_gateway": .text(payment.gatewayID), "reference_number": .text(payment.reference),
      "error_text": .text(payment.errorText), "date": .int(payment.date), "exchange_rate": 1,
      "amount": .int(payment.amount), "amount_unused": .int(payment.amount - applied),
      "currency_code": invoice["currency_code"],
      "base_currency_code": invoice["base_currency_code"],
      "initiator_type": "merchant", "three_d_secure": false, "linked_refunds": [],
    ])
    transaction["linked_invoices"] = [
      .members([
        "invoice_id": invoice["id"], "applied_amount": .int(applied),
        "applied_at": .int(payment.date), "invoice_date": invoice["date"],
        "invoice_total": invoice["total"], "invoice_status": invoice["status"],
      ])
    ]
    stamp(&transaction)
    transactions[id] = transaction
  }

  private mutating func keepExcess(_ amount: Int, _ invoice: Members) {
    let id = invoice.text("customer_id")
    guard var customer = customers[id] else { return }
    customer["excess_payments"] = .int(customer.int("excess_payments") + amount)
    stamp(&customer)
    customers[id] = customer
  }
}
