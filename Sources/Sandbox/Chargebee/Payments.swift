import StepKit
import Values

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
}
