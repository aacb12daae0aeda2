import Values

extension Chargebee {
  static let open: Set = ["payment_due", "posted", "not_paid"]

  mutating func recordPayment(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let invoice = try openInvoice(request.id)
    let payment = IncomingPayment(
      amount: request.int("transaction[amount]") ?? invoice.int("amount_due"),
      method: request.text("transaction[payment_method]") ?? "other",
      reference: request.text("transaction[reference_number]"),
      gatewayID: request.text("transaction[id_at_gateway]"),
      status: request.text("transaction[status]") ?? "success",
      date: request.int("transaction[date]") ?? context.now.seconds,
      errorText: request.text("transaction[error_text]"))
    let id = take(payment, for: request.id)
    if payment.status != "success" {
      announcePayment("payment_failed", id, invoice: request.id, by: request.cause)
    } else if settings.reportsRecordedPayments {
      announcePayment("payment_succeeded", id, invoice: request.id, by: request.cause)
    }
    announceInvoice("invoice_updated", request.id, by: request.cause)
    return outcome(invoice: request.id, transaction: id)
  }

  mutating func collectPayment(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let invoice = try openInvoice(request.id)
    guard cards[invoice.text("customer_id")] != nil else {
      throw .payment("payment_method_not_present", "the customer has no payment method")
    }
    let amount = request.int("amount") ?? invoice.int("amount_due")
    guard amount <= invoice.int("amount_due") else {
      throw .wrong("amount", "is more than the amount due")
    }
    let id = takePayment(of: request.id, amount: amount, by: request.cause)
    return outcome(invoice: request.id, transaction: id)
  }

  /// Charges the customer's card.
  mutating func takePayment(of invoiceID: String, amount: Int? = nil, by cause: Cause) -> String {
    let payment = IncomingPayment(
      amount: amount ?? invoices[invoiceID]?.int("amount_due") ?? 0, method: "card",
      gatewayID: context.ids.chargebee("pi_"), date: context.now.seconds)
    let id = take(payment, for: invoiceID)
    announcePayment("payment_succeeded", id, invoice: invoiceID, by: cause)
    announceInvoice("invoice_updated", invoiceID, by: cause)
    return id
  }

  // MARK: Private

  private func outcome(invoice: String, transaction: String) -> JSON {
    .members([
      "invoice": invoices.json(invoice), "transaction": transactions.json(transaction),
    ])
  }
}
