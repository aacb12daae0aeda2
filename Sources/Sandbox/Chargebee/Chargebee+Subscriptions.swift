import Values

/// Creation, payment and renewal of subscriptions.
extension Chargebee {
  /// Pays for a term: creates or renews the subscription, and pays its invoice by card.
  mutating func payForPlan(_ body: JSON) throws(SandboxError)
    -> JSON
  {
    let request = try ControlRequest(body, "customer", "items", "subscription", "unpaid")
    let customer = try request.text("customer")
    guard let payer = customers[customer] else {
      throw SandboxError("customer \(customer) is not known")
    }
    let items = try items(request)
    guard let plan = items.first?.price else { throw SandboxError("items must name an item price") }
    giveCard(to: customer)
    let (subscription, isNew) = try subscribe(customer, items, id: request["subscription"].string)
    let term = subscriptions[subscription] ?? [:]
    let sum = InvoiceSum(
      items.map { line($0.price, $0.quantity, in: term) }, discounts: [],
      taxRate: settings.taxRate, isInclusive: settings.hasInclusivePrices)
    let invoice = keep(
      InvoiceDraft(
        customer: customers[customer] ?? payer, subscription: subscription,
        currency: plan.text("currency_code"), sum: sum, date: context.now.seconds))
    let cause = Cause(source: .job)
    var content = content(ofCustomer: customer)
    content["subscription"] = .object(term)
    content["invoice"] = invoices.json(invoice)
    announce(isNew ? "subscription_created" : "subscription_renewed", content, by: cause)
    announceInvoice("invoice_generated", invoice, by: cause)
    let pays =
      try !request.flag("unpaid", or: false) && invoices[invoice]?.int("amount_due") ?? 0 > 0
    let transaction = pays ? takePayment(of: invoice, by: cause) : nil
    return .members([
      "invoice": invoices.json(invoice),
      "subscription": subscriptions.json(subscription),
      "transaction": transaction.flatMap { transactions.json($0) },
    ])
  }

  typealias Item = (price: Members, quantity: Int)

  func items(_ request: ControlRequest) throws(SandboxError) -> [Item] {
    var items: [Item] = []
    for entry in try request.list("items") {
      let entry = try ControlRequest(entry, "item_price", "quantity")
      let id = try entry.text("item_price")
      guard let price = itemPrices[id] else { throw SandboxError("item price \(id) is not known") }
      items.append((price, try entry.int("quantity", or: 1)))
    }
    return items
  }

  func line(_ price: Members, _ quantity: Int, in term: Members) -> InvoiceSum.Line {
    .init(
      type: price.text("item_type") + "_item_price", entity: price.text("id"),
      subscription: term.text("id"), description: price.text("name"),
      unitAmount: price.int("price"), quantity: quantity, model: price.text("pricing_model"),
      isTaxable: price["is_taxable"]?.bool ?? true, from: term.int("current_term_start"),
      to: term.int("current_term_end"))
  }

  // MARK: Private

  private mutating func giveCard(to id: String) {
    guard cards[id] == nil, var customer = customers[id] else { return }
    let source = context.ids.chargebee("pm_")
    let now = JSON.int(context.now.seconds)
    cards[id] = Members([
      "status": "valid", "gateway": "stripe", "gateway_account_id": "gw_sandbox", "iin": "424242",
      "last4": "4242", "card_type": "visa", "funding_type": "credit", "expiry_month": 11,
      "expiry_year": 2039, "issuing_country": "US", "created_at": now, "updated_at": now,
      "resource_version": context.version(), "object": "card", "masked_number": "************4242",
      "customer_id": .string(id), "payment_source_id": .string(source),
    ])
    customer["card_status"] = "valid"
    customer["primary_payment_source_id"] = .string(source)
    customer["payment_method"] = [
      "object": "payment_method", "type": "card", "reference_id": .string("cus_sandbox/\(source)"),
      "gateway": "stripe", "gateway_account_id": "gw_sandbox", "status": "valid",
    ]
    stamp(&customer)
    customers[id] = customer
  }

  /// Renews the subscription, or creates it.
  private mutating func subscribe(
    _ customer: String, _ items: [Item], id: String?
  ) throws(SandboxError) -> (id: String, isNew: Bool) {
    let plan = items[0].price
    let known = subscriptions.all.first { kept in
      id == nil
        ? kept.text("customer_id") == customer
          && kept["subscription_items"]?.array?.first?["item_price_id"] == plan["id"]
        : kept.text("id") == id
    }
    guard known == nil || known?.text("customer_id") == customer else {
      throw SandboxError("the subscription belongs to another customer")
    }
    let now = context.now.seconds
    let start = known?.int("current_term_end") ?? now
    let end = Timestamp(seconds: start).later(plan.int("period"), plan.text("period_unit")).seconds
    let new = known?.text("id") ?? id ?? context.ids.chargebee()
    var subscription =
      known
      ?? Members([
        "id": .string(new), "object": "subscription", "customer_id": .string(customer),
        "status": "active", "auto_collection": "on", "channel": "web", "deleted": false,
        "billing_period": plan["period"], "billing_period_unit": plan["period_unit"],
        "created_at": .int(now), "started_at": .int(now), "activated_at": .int(now),
        "has_scheduled_changes": false, "has_scheduled_advance_invoices": false,
        "due_invoices_count": 0, "exchange_rate": 1, "currency_code": plan["currency_code"],
        "base_currency_code": .text(settings.currencies.first),
      ])
    subscription.merge([
      "current_term_start": .int(start), "current_term_end": .int(end),
      "next_billing_at": .int(end),
      "mrr": .int(items.reduce(0) { $0 + $1.price.int("price") * $1.quantity }),
      "subscription_items": .array(items.map(Self.subscriptionItem)),
    ])
    stamp(&subscription)
    subscriptions[new] = subscription
    return (new, known == nil)
  }

  static func subscriptionItem(_ item: Item) -> JSON {
    .members([
      "object": "subscription_item", "item_price_id": item.price["id"],
      "item_type": item.price["item_type"], "quantity": .int(item.quantity),
      "unit_price": item.price["price"], "amount": .int(item.price.int("price") * item.quantity),
      "free_quantity": 0,
    ])
  }
}
