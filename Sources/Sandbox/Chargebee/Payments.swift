import Step

/// A payment that came in.
struct IncomingPayment {
  var amount: Int
  var method: String
  var reference: String?
  var gatewayID: String?
  var status = "success"
  var date: Int
  var errorText: String?
}

extension Chargebee {
  private static let open: Set = ["payment_due", "posted", "not_paid"]

  mutating func recordPayment(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    let invoice = try openInvoice(order.id)
    let payment = IncomingPayment(
      amount: order.int("transaction[amount]") ?? invoice.int("amount_due"),
      method: order.text("transaction[payment_method]") ?? "other",
      reference: order.text("transaction[reference_number]"),
      gatewayID: order.text("transaction[id_at_gateway]"),
      status: order.text("transaction[status]") ?? "success",
      date: order.int("transaction[date]") ?? scene.now.seconds,
      errorText: order.text("transaction[error_text]"))
    let id = take(payment, for: order.id, &scene)
    if payment.status != "success" {
      announcePayment("payment_failed", id, invoice: order.id, by: order.cause, &scene)
    } else if settings.reportsRecordedPayments {
      announcePayment("payment_succeeded", id, invoice: order.id, by: order.cause, &scene)
    }
    announceInvoice("invoice_updated", order.id, by: order.cause, &scene)
    return outcome(invoice: order.id, transaction: id)
  }

  mutating func collectPayment(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    let invoice = try openInvoice(order.id)
    guard cards[invoice.text("customer_id")] != nil else {
      throw .payment("payment_method_not_present", "the customer has no payment method")
    }
    let amount = order.int("amount") ?? invoice.int("amount_due")
    guard amount <= invoice.int("amount_due") else {
      throw .wrong("amount", "is more than the amount due")
    }
    let id = takePayment(of: order.id, amount: amount, by: order.cause, &scene)
    return outcome(invoice: order.id, transaction: id)
  }

  mutating func voidInvoice(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    guard var invoice = invoices[order.id] else { throw .missing("invoice", order.id) }
    guard invoice.text("status") != "voided", invoice.int("amount_paid") == 0 else {
      throw .state("invoice \(order.id) is \(invoice.text("status")) and cannot be voided")
    }
    invoice.merge([
      "status": "voided", "voided_at": .int(scene.now.seconds), "amount_due": 0,
      "amount_to_collect": 0, "void_reason_code": .text(order.text("void_reason_code")),
    ])
    stamp(&invoice, &scene)
    invoices[order.id] = invoice
    announceInvoice("invoice_updated", order.id, by: order.cause, &scene)
    return .object(["invoice": .object(invoice)])
  }

  /// Charges the customer's card.
  mutating func takePayment(
    of invoiceID: String, amount: Int? = nil, by cause: Cause, _ scene: inout Scene
  ) -> String {
    let payment = IncomingPayment(
      amount: amount ?? invoices[invoiceID]?.int("amount_due") ?? 0, method: "card",
      gatewayID: scene.ids.chargebee("pi_"), date: scene.now.seconds)
    let id = take(payment, for: invoiceID, &scene)
    announcePayment("payment_succeeded", id, invoice: invoiceID, by: cause, &scene)
    announceInvoice("invoice_updated", invoiceID, by: cause, &scene)
    return id
  }

  // MARK: Private

  private func openInvoice(_ id: String) throws(ChargebeeError) -> Members {
    guard let invoice = invoices[id] else { throw .missing("invoice", id) }
    guard Self.open.contains(invoice.text("status")) else {
      throw .state("invoice \(id) is \(invoice.text("status"))")
    }
    return invoice
  }

  private func outcome(invoice: String, transaction: String) -> JSON {
    .members([
      "invoice": invoices[invoice].map(JSON.object),
      "transaction": transactions[transaction].map(JSON.object),
    ])
  }

  /// Books a payment on an invoice; what is too much stays with the customer.
  private mutating func take(
    _ payment: IncomingPayment, for invoiceID: String, _ scene: inout Scene
  ) -> String {
    guard var invoice = invoices[invoiceID] else { return "" }
    let isGood = payment.status == "success"
    let applied = isGood ? min(payment.amount, invoice.int("amount_due")) : 0
    let left = invoice.int("amount_due") - applied
    let id = scene.ids.chargebee("txn_")
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
    stamp(&invoice, &scene)
    invoices[invoiceID] = invoice
    keepTransaction(id, payment, applied: applied, invoice: invoice, &scene)
    if isGood && payment.amount > applied { keepExcess(payment.amount - applied, invoice, &scene) }
    return id
  }

  private mutating func keepTransaction(
    _ id: String, _ payment: IncomingPayment, applied: Int, invoice: Members, _ scene: inout Scene
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
    stamp(&transaction, &scene)
    transactions[id] = transaction
  }

  private mutating func keepExcess(_ amount: Int, _ invoice: Members, _ scene: inout Scene) {
    let id = invoice.text("customer_id")
    guard var customer = customers[id] else { return }
    customer["excess_payments"] = .int(customer.int("excess_payments") + amount)
    stamp(&customer, &scene)
    customers[id] = customer
  }

  private mutating func announcePayment(
    _ type: String, _ id: String, invoice: String, by cause: Cause, _ scene: inout Scene
  ) {
    var content = content(ofCustomer: invoices[invoice]?.text("customer_id") ?? "")
    content["transaction"] = transactions[id].map(JSON.object)
    content["invoice"] = invoices[invoice].map(JSON.object)
    let subscription = invoices[invoice]?.text("subscription_id") ?? ""
    content["subscription"] = subscriptions[subscription].map(JSON.object)
    if type == "payment_succeeded" {
      content = content.filter { !settings.leavesOut.contains($0.key) }
    }
    announce(type, content, by: cause, &scene)
  }
}
