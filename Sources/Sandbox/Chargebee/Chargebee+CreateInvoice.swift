import Values

extension Chargebee {
  mutating func createInvoice(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let customer = try payer(request)
    let currency = try currency(request, customer)
    let date = try date(request, now: context.now)
    if let coupon = request.values.keys.sorted().first(where: { $0.hasPrefix("coupon") }) {
      throw .missing("coupon", request.text(coupon) ?? "", param: coupon)
    }
    let lines =
      try chargeLines(request, date: date) + itemLines(request, currency: currency, date: date)
    guard !lines.isEmpty else { throw .wrong("charges[amount][0]", "cannot be blank") }
    let sum = InvoiceSum(
      lines, discounts: try discounts(request), taxRate: settings.taxRate,
      isInclusive: settings.hasInclusivePrices)
    let isPending = try isPending(request)
    let draft = InvoiceDraft(
      customer: customer, subscription: request.text("subscription_id"), currency: currency,
      sum: sum, date: date,
      netTermDays: try netTermDays(request) ?? customer.int("net_term_days"),
      poNumber: request.text("po_number"), note: request.text("invoice_note"),
      status: isPending ? "pending" : "payment_due",
      customFields: request.values.filter { $0.key.hasPrefix("cf_") })

    let collects = try collects(request, customer: customer, sum: sum) && !isPending
    let id = keep(draft)
    announceInvoice("invoice_generated", id, by: request.cause)
    if collects && invoices[id]?.int("amount_due") ?? 0 > 0 {
      _ = takePayment(of: id, by: request.cause)
    }
    return try invoice(id)
  }

  /// The reply that contains an invoice.
  func invoice(_ id: String) throws(ChargebeeError) -> JSON {
    .object(["invoice": .object(try find(id, in: invoices, "invoice"))])
  }

  mutating func announceInvoice(_ type: String, _ id: String, by cause: Cause) {
    guard let invoice = invoices[id] else { return }
    announce(type, ["invoice": .object(invoice)], by: cause)
  }

  // MARK: Private

  private func payer(_ request: ChargebeeRequest) throws(ChargebeeError) -> Members {
    var id = request.text("customer_id")
    if let subscription = request.text("subscription_id") {
      let found = try find(
        subscription, in: subscriptions, "subscription", param: "subscription_id")
      guard id == nil || id == found.text("customer_id") else {
        throw .wrong("customer_id", "does not own the subscription")
      }
      id = found.text("customer_id")
    }
    guard let id else { throw .wrong("customer_id", "cannot be blank") }
    return try find(id, in: customers, "customer", param: "customer_id")
  }

  private func currency(
    _ request: ChargebeeRequest, _ customer: Members
  ) throws(ChargebeeError) -> String {
    let currency = request.text("currency_code") ?? customer.text("preferred_currency_code")
    guard settings.currencies.contains(currency) else {
      throw notSwitchedOn(currency, param: "currency_code")
    }
    return currency
  }

  /// The invoice date: not in the future, and at most a calendar month ago.
  private func date(_ request: ChargebeeRequest, now: Timestamp) throws(ChargebeeError) -> Int {
    guard let date = request.int("invoice_date") else { return now.seconds }
    guard date <= now.seconds else { throw .wrong("invoice_date", "is in the future") }
    guard date >= now.later(-1, "month").seconds else {
      throw .wrong("invoice_date", "is more than a month ago")
    }
    return date
  }

  private func netTermDays(_ request: ChargebeeRequest) throws(ChargebeeError) -> Int? {
    guard let days = request.int("net_term_days") else { return nil }
    guard (0...3650).contains(days) else { throw .wrong("net_term_days", "is not possible") }
    return days
  }

  private func isPending(_ request: ChargebeeRequest) throws(ChargebeeError) -> Bool {
    guard request.flag("create_pending_invoice") == true else { return false }
    guard request.text("subscription_id") != nil, request.text("auto_collection") == nil else {
      throw .wrong(
        "create_pending_invoice", "wants a subscription_id and goes without auto_collection")
    }
    return true
  }

  /// Whether to charge the card now: by the call, or else by the customer's `auto_collection`.
  private func collects(
    _ request: ChargebeeRequest, customer: Members, sum: InvoiceSum
  ) throws(ChargebeeError) -> Bool {
    let hasCard = cards[customer.text("id")] != nil
    guard sum.total > 0 else { return false }
    guard request.text("auto_collection") == "on" else {
      return request.text("auto_collection") == nil && customer.text("auto_collection") == "on"
        && hasCard
    }
    guard hasCard else {
      // Chargebee does not document whether it keeps the unpaid invoice; the sandbox does not.
      throw .payment("payment_method_not_present", "the customer has no payment method")
    }
    return true
  }
}
