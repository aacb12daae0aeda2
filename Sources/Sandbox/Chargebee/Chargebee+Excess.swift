import Values

extension Chargebee {
  /// Applies the unused parts of older payments, the oldest first, as Chargebee does to new invoices:
  /// https://www.chargebee.com/docs/2.0/excess-payments.html.
  ///
  /// There is no new transaction, and no event of a payment.
  mutating func applyExcess(to invoice: inout Members) {
    let customer = invoice.text("customer_id")
    for transaction in transactions.all where transaction.text("customer_id") == customer {
      let used = min(transaction.int("amount_unused"), invoice.int("amount_due"))
      guard used > 0, transaction.text("status") == "success",
        invoice.text("status") == "payment_due"
      else { continue }
      apply(used, of: transaction, to: &invoice)
    }
  }

  private mutating func apply(
    _ used: Int, of transaction: Members, to invoice: inout Members
  ) {
    let left = invoice.int("amount_due") - used
    invoice["amount_paid"] = .int(invoice.int("amount_paid") + used)
    invoice["amount_due"] = .int(left)
    invoice["amount_to_collect"] = .int(left)
    if left == 0 { invoice.merge(["status": "paid", "paid_at": .int(context.now.seconds)]) }
    let link = JSON.members([
      "txn_id": transaction["id"], "applied_amount": .int(used),
      "applied_at": .int(context.now.seconds), "txn_status": "success",
      "txn_date": transaction["date"], "txn_amount": transaction["amount"],
    ])
    invoice["linked_payments"] = .array((invoice["linked_payments"]?.array ?? []) + [link])
    var transaction = transaction
    transaction["amount_unused"] = .int(transaction.int("amount_unused") - used)
    let applied = JSON.members([
      "invoice_id": invoice["id"], "applied_amount": .int(used),
      "applied_at": .int(context.now.seconds), "invoice_date": invoice["date"],
      "invoice_total": invoice["total"], "invoice_status": invoice["status"],
    ])
    transaction["linked_invoices"] = .array(
      (transaction["linked_invoices"]?.array ?? []) + [applied])
    stamp(&transaction)
    transactions[transaction.text("id")] = transaction
    if var customer = customers[invoice.text("customer_id")] {
      customer["excess_payments"] = .int(customer.int("excess_payments") - used)
      stamp(&customer)
      customers[invoice.text("customer_id")] = customer
    }
  }
}
