import HTTP
import Step

/// What people do at Chargebee's console and in its shop, without the API.
extension Chargebee {
  /// Adds a customer by hand; the members are those of the API, nested as objects.
  mutating func addCustomer(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    guard let members = wish.object else { throw SandboxError("want a JSON object") }
    var fields: [Field] = []
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      if name == "billing_address", let address = value.object {
        for (part, text) in address.sorted(by: { $0.key < $1.key }) {
          fields.append(Field("billing_address[\(part)]", text.string ?? text.text))
        }
      } else {
        fields.append(Field(name, value.string ?? value.text))
      }
    }
    do throws(ChargebeeError) {
      let table = ChargebeeOperation.createCustomer.parameters
      let order = try Order(
        fields, id: "", table: table, customFields: settings.customFields,
        cause: Cause(source: .console))
      return try createCustomer(order, &scene)["customer"]
    } catch {
      throw SandboxError(error.message)
    }
  }

  /// Puts an item price into the catalogue.
  mutating func defineItemPrice(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    let wish = try Wish(
      wish, "id", "name", "item_type", "price", "currency_code", "pricing_model", "period",
      "period_unit", "is_taxable", "status", "metadata")
    let id = try wish.text("id")
    let type = try wish.text("item_type", or: "plan")
    guard ["plan", "addon", "charge"].contains(type) else {
      throw SandboxError("item_type must be plan, addon or charge")
    }
    let now = JSON.int(scene.now.seconds)
    var price = Members([
      "id": .string(id), "object": "item_price", "item_type": .string(type),
      "item_id": .string(String(id.prefix { $0 != "-" })), "item_family_id": "sandbox",
      "name": .string(try wish.text("name", or: id)),
      "external_name": .string(try wish.text("name", or: id)),
      "price": .int(try wish.int("price", or: 0)),
      "currency_code": .string(
        try wish.text("currency_code", or: settings.currencies.first ?? "USD")),
      "pricing_model": .string(
        try wish.text("pricing_model", or: type == "charge" ? "flat_fee" : "per_unit")),
      "status": .string(try wish.text("status", or: "active")), "free_quantity": 0,
      "channel": "web", "is_taxable": .bool(try wish.flag("is_taxable", or: true)),
      "metadata": wish["metadata"], "created_at": now, "updated_at": now,
      "resource_version": scene.version(),
    ])
    if type != "charge" {
      price["period"] = .int(try wish.int("period", or: 1))
      price["period_unit"] = .string(try wish.text("period_unit", or: "month"))
    }
    itemPrices[id] = price
    return .object(price)
  }

  /// A customer pays for a term: the subscription begins or is renewed, its invoice is paid by card.
  mutating func payForPlan(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    let wish = try Wish(wish, "customer", "items", "subscription", "unpaid")
    let customer = try wish.text("customer")
    guard let payer = customers[customer] else {
      throw SandboxError("customer \(customer) is not known")
    }
    let items = try items(wish)
    guard let plan = items.first?.price else { throw SandboxError("items must name an item price") }
    giveCard(to: customer, &scene)
    let (subscription, isNew) = try subscribe(
      customer, items, id: wish["subscription"].string, &scene)
    let term = subscriptions[subscription] ?? [:]
    let sum = InvoiceSum(
      items.map { line($0.price, $0.quantity, in: term) }, discounts: [],
      taxRate: settings.taxRate)
    let invoice = keep(
      InvoiceDraft(
        customer: customers[customer] ?? payer, subscription: subscription,
        currency: plan.text("currency_code"), sum: sum, date: scene.now.seconds), &scene)
    let cause = Cause(source: .job)
    var content = content(ofCustomer: customer)
    content["subscription"] = .object(term)
    content["invoice"] = invoices[invoice].map(JSON.object)
    announce(isNew ? "subscription_created" : "subscription_renewed", content, by: cause, &scene)
    announceInvoice("invoice_generated", invoice, by: cause, &scene)
    let pays = try !wish.flag("unpaid", or: false) && sum.total > 0
    let transaction = pays ? takePayment(of: invoice, by: cause, &scene) : nil
    return .members([
      "invoice": invoices[invoice].map(JSON.object),
      "subscription": subscriptions[subscription].map(JSON.object),
      "transaction": transaction.flatMap { transactions[$0] }.map(JSON.object),
    ])
  }

  // MARK: Private

  private typealias Item = (price: Members, quantity: Int)

  private func items(_ wish: Wish) throws(SandboxError) -> [Item] {
    var items: [Item] = []
    for entry in try wish.list("items") {
      let entry = try Wish(entry, "item_price", "quantity")
      let id = try entry.text("item_price")
      guard let price = itemPrices[id] else { throw SandboxError("item price \(id) is not known") }
      items.append((price, try entry.int("quantity", or: 1)))
    }
    return items
  }

  private func line(_ price: Members, _ quantity: Int, in term: Members) -> InvoiceSum.Line {
    .init(
      type: price.text("item_type") + "_item_price", entity: price.text("id"),
      subscription: term.text("id"), description: price.text("name"),
      unitAmount: price.int("price"), quantity: quantity, model: price.text("pricing_model"),
      isTaxable: price["is_taxable"]?.bool ?? true, from: term.int("current_term_start"),
      to: term.int("current_term_end"))
  }

  private mutating func giveCard(to id: String, _ scene: inout Scene) {
    guard cards[id] == nil, var customer = customers[id] else { return }
    let source = scene.ids.chargebee("pm_")
    let now = JSON.int(scene.now.seconds)
    cards[id] = Members([
      "status": "valid", "gateway": "stripe", "gateway_account_id": "gw_sandbox", "iin": "424242",
      "last4": "4242", "card_type": "visa", "funding_type": "credit", "expiry_month": 11,
      "expiry_year": 2039, "issuing_country": "US", "created_at": now, "updated_at": now,
      "resource_version": scene.version(), "object": "card", "masked_number": "************4242",
      "customer_id": .string(id), "payment_source_id": .string(source),
    ])
    customer["card_status"] = "valid"
    customer["primary_payment_source_id"] = .string(source)
    customer["payment_method"] = [
      "object": "payment_method", "type": "card", "reference_id": .string("cus_sandbox/\(source)"),
      "gateway": "stripe", "gateway_account_id": "gw_sandbox", "status": "valid",
    ]
    stamp(&customer, &scene)
    customers[id] = customer
  }

  /// The subscription that is renewed, or a new one.
  private mutating func subscribe(
    _ customer: String, _ items: [Item], id: String?, _ scene: inout Scene
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
    let now = scene.now.seconds
    let start = known?.int("current_term_end") ?? now
    let end = Timestamp(seconds: start).later(plan.int("period"), plan.text("period_unit")).seconds
    let new = known?.text("id") ?? id ?? scene.ids.chargebee()
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
    stamp(&subscription, &scene)
    subscriptions[new] = subscription
    return (new, known == nil)
  }

  private static func subscriptionItem(_ item: Item) -> JSON {
    .members([
      "object": "subscription_item", "item_price_id": item.price["id"],
      "item_type": item.price["item_type"], "quantity": .int(item.quantity),
      "unit_price": item.price["price"], "amount": .int(item.price.int("price") * item.quantity),
      "free_quantity": 0,
    ])
  }
}

extension Timestamp {
  /// So many days, weeks, months or years later; a day that a month lacks becomes its last.
  func later(_ count: Int, _ unit: String) -> Timestamp {
    switch unit {
    case "day": return adding(seconds: count * 86_400)
    case "week": return adding(seconds: count * 7 * 86_400)
    default: break
    }
    let parts = date().split(separator: "-").compactMap { Int($0) }
    let months = parts[0] * 12 + parts[1] - 1 + (unit == "year" ? count * 12 : count)
    let clock = text.dropFirst(10)
    for day in (1...parts[2]).reversed() {
      let text = [months / 12, months % 12 + 1, day].map { ($0 < 10 ? "0" : "") + String($0) }
      if let later = Timestamp(iso: text.joined(separator: "-") + clock) { return later }
    }
    return self
  }
}
