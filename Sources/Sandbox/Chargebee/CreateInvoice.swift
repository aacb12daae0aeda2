import FoundationEssentials
import StepKit
import Values

extension Chargebee {
  mutating func createInvoice(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    let customer = try payer(order)
    let currency = try currency(order, customer)
    let date = try date(order, now: scene.now)
    if let coupon = order.all.keys.sorted().first(where: { $0.hasPrefix("coupon") }) {
      throw .missing("coupon", order.text(coupon) ?? "", param: coupon)
    }
    let lines =
      try chargeLines(order, date: date) + itemLines(order, currency: currency, date: date)
    guard !lines.isEmpty else { throw .wrong("charges[amount][0]", "cannot be blank") }
    let sum = InvoiceSum(lines, discounts: try discounts(order), taxRate: settings.taxRate)
    let isPending = try isPending(order)
    let draft = InvoiceDraft(
      customer: customer, subscription: order.text("subscription_id"), currency: currency,
      sum: sum, date: date,
      netTermDays: try netTermDays(order) ?? customer.int("net_term_days"),
      poNumber: order.text("po_number"), note: order.text("invoice_note"),
      status: isPending ? "pending" : "payment_due")

    let collects = try collects(order, customer: customer, sum: sum) && !isPending
    let id = keep(draft, &scene)
    announceInvoice("invoice_generated", id, by: order.cause, &scene)
    if collects && invoices[id]?.int("amount_due") ?? 0 > 0 {
      _ = takePayment(of: id, by: order.cause, &scene)
    }
    return try invoice(id)
  }

  /// The answer with an invoice in it.
  func invoice(_ id: String) throws(ChargebeeError) -> JSON {
    guard let invoice = invoices[id] else { throw .missing("invoice", id) }
    return .object(["invoice": .object(invoice)])
  }

  mutating func announceInvoice(
    _ type: String, _ id: String, by cause: Cause, _ scene: inout Scene
  ) {
    guard let invoice = invoices[id] else { return }
    announce(type, ["invoice": .object(invoice)], by: cause, &scene)
  }

  // MARK: Private

  private func payer(_ order: Order) throws(ChargebeeError) -> Members {
    var id = order.text("customer_id")
    if let subscription = order.text("subscription_id") {
      guard let found = subscriptions[subscription] else {
        throw .missing("subscription", subscription, param: "subscription_id")
      }
      guard id == nil || id == found.text("customer_id") else {
        throw .wrong("customer_id", "does not own the subscription")
      }
      id = found.text("customer_id")
    }
    guard let id else { throw .wrong("customer_id", "cannot be blank") }
    guard let customer = customers[id] else {
      throw .missing("customer", id, param: "customer_id")
    }
    return customer
  }

  private func currency(
    _ order: Order, _ customer: Members
  ) throws(ChargebeeError) -> String {
    let currency = order.text("currency_code") ?? customer.text("preferred_currency_code")
    guard settings.currencies.contains(currency) else {
      throw notSwitchedOn(currency, param: "currency_code")
    }
    return currency
  }

  /// In the past, and by no more than a calendar month.
  private func date(_ order: Order, now: Timestamp) throws(ChargebeeError) -> Int {
    guard let date = order.int("invoice_date") else { return now.seconds }
    guard date <= now.seconds else { throw .wrong("invoice_date", "is in the future") }
    guard date >= now.later(-1, "month").seconds else {
      throw .wrong("invoice_date", "is more than a month ago")
    }
    return date
  }

  private func netTermDays(_ order: Order) throws(ChargebeeError) -> Int? {
    guard let days = order.int("net_term_days") else { return nil }
    guard (0...3650).contains(days) else { throw .wrong("net_term_days", "is not possible") }
    return days
  }

  private func isPending(_ order: Order) throws(ChargebeeError) -> Bool {
    guard order.flag("create_pending_invoice") == true else { return false }
    guard order.text("subscription_id") != nil, order.text("auto_collection") == nil else {
      throw .wrong(
        "create_pending_invoice", "wants a subscription_id and goes without auto_collection")
    }
    return true
  }

  /// Whether to charge the card now: as the call says, or else as the customer is set.
  private func collects(
    _ order: Order, customer: Members, sum: InvoiceSum
  ) throws(ChargebeeError) -> Bool {
    let hasCard = cards[customer.text("id")] != nil
    guard sum.total > 0 else { return false }
    guard order.text("auto_collection") == "on" else {
      return order.text("auto_collection") == nil && customer.text("auto_collection") == "on"
        && hasCard
    }
    guard hasCard else {
      // Whether the real site keeps an unpaid invoice then is not documented; this one does not.
      throw .payment("payment_method_not_present", "the customer has no payment method")
    }
    return true
  }
}
