import FoundationEssentials
import Step

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
    if collects { _ = takePayment(of: id, by: order.cause, &scene) }
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

  private func chargeLines(
    _ order: Order, date: Int
  ) throws(ChargebeeError) -> [InvoiceSum.Line] {
    var lines: [InvoiceSum.Line] = []
    for (index, entry) in order.entries("charges").enumerated() {
      guard entry["amount_in_decimal"] == nil else {
        throw ChargebeeError(
          status: 400, code: "configuration_incompatible",
          message: "multi-decimal pricing is not enabled",
          param: "charges[amount_in_decimal][\(index)]")
      }
      guard let amount = entry["amount"].flatMap({ Int($0) }) else {
        throw .wrong("charges[amount][\(index)]", "cannot be blank")
      }
      guard let description = entry["description"] else {
        throw .wrong("charges[description][\(index)]", "cannot be blank")
      }
      let (from, to) = try period(entry, of: "charges", index, date: date)
      lines.append(
        .init(
          description: description, unitAmount: amount, isTaxable: entry["taxable"] != "false",
          from: from, to: to))
    }
    return lines
  }

  private func itemLines(
    _ order: Order, currency: String, date: Int
  ) throws(ChargebeeError) -> [InvoiceSum.Line] {
    var lines: [InvoiceSum.Line] = []
    for (index, entry) in order.entries("item_prices").enumerated() {
      let name = "item_prices[item_price_id][\(index)]"
      guard let id = entry["item_price_id"] else { throw .wrong(name, "cannot be blank") }
      guard let price = itemPrices[id] else { throw .missing("Item price", id, param: name) }
      guard price.text("item_type") == "charge" else {
        throw .wrong(name, "is a \(price.text("item_type")) and not a charge")
      }
      guard price.text("status") == "active" else { throw .wrong(name, "is not active") }
      guard price.text("currency_code") == currency else {
        throw .wrong(name, "has another currency than the invoice")
      }
      let (from, to) = try period(entry, of: "item_prices", index, date: date)
      let model = price.text("pricing_model")
      let unit = entry["unit_price"].flatMap { Int($0) }
      guard unit == nil || model == "flat_fee" || model == "per_unit" else {
        throw .wrong("item_prices[unit_price][\(index)]", "cannot replace a tiered price")
      }
      lines.append(
        .init(
          type: "charge_item_price", entity: id,
          description: entry["description"] ?? price.text("name"),
          unitAmount: unit ?? price.int("price"),
          quantity: model == "flat_fee" ? 1 : entry["quantity"].flatMap { Int($0) } ?? 1,
          model: model, isTaxable: price["is_taxable"]?.bool ?? true, from: from, to: to))
    }
    return lines
  }

  /// The service period of a line: both ends or none.
  private func period(
    _ entry: [String: String], of list: String, _ index: Int, date: Int
  ) throws(ChargebeeError) -> (Int, Int) {
    let from = entry["date_from"].flatMap { Int($0) }
    let to = entry["date_to"].flatMap { Int($0) }
    guard (from == nil) == (to == nil) else {
      throw .wrong("\(list)[date_\(from == nil ? "from" : "to")][\(index)]", "cannot be blank")
    }
    guard let from, let to else { return (date, date) }
    guard from <= to else { throw .wrong("\(list)[date_to][\(index)]", "is before date_from") }
    return (from, to)
  }

  private func discounts(_ order: Order) throws(ChargebeeError) -> [InvoiceSum.Discount] {
    let items = order.entries("item_prices").compactMap { $0["item_price_id"] }
    var discounts: [InvoiceSum.Discount] = []
    for (index, entry) in order.entries("discounts").enumerated() {
      guard let target = entry["apply_on"] else {
        throw .wrong("discounts[apply_on][\(index)]", "cannot be blank")
      }
      let amount = entry["amount"].flatMap { Int($0) }
      let percentage = entry["percentage"].flatMap { Decimal(string: $0) }
      guard (amount == nil) != (percentage == nil) else {
        throw .wrong("discounts[amount][\(index)]", "wants an amount or else a percentage")
      }
      let item = entry["item_price_id"]
      guard target == "invoice_amount" || item.map(items.contains) == true else {
        throw .wrong("discounts[item_price_id][\(index)]", "is not on this invoice")
      }
      discounts.append(
        .init(
          entity: target == "invoice_amount" ? nil : item, amount: amount, percentage: percentage))
    }
    return discounts
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
