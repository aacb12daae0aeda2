import StepKit
import Values

extension Chargebee {
  mutating func createCustomer(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    let id = order.text("id") ?? scene.ids.chargebee()
    guard customers[id] == nil else {
      throw ChargebeeError(
        status: 400, code: "duplicate_entry",
        message: "id : The value \(id) is already present.", param: "id")
    }
    let now = JSON.int(scene.now.seconds)
    var customer = Members([
      "id": .string(id), "auto_collection": "on", "net_term_days": 0, "allow_direct_debit": false,
      "created_at": now, "updated_at": now, "taxability": "taxable", "pii_cleared": "active",
      "channel": "web", "deleted": false, "object": "customer", "card_status": "no_card",
      "promotional_credits": 0, "refundable_credits": 0, "excess_payments": 0,
      "unbilled_charges": 0, "preferred_currency_code": .text(settings.currencies.first),
    ])
    try fill(&customer, from: order)
    let address = order.nested("billing_address")
    if !address.isEmpty {
      var members = address.mapValues(JSON.string)
      members["object"] = "billing_address"
      members["validation_status"] = members["validation_status"] ?? "not_validated"
      customer["billing_address"] = .object(members)
    }
    customer["resource_version"] = scene.version()
    customers[id] = customer
    announce("customer_created", content(ofCustomer: id), by: order.cause, &scene)
    return .object(content(ofCustomer: id))
  }

  mutating func updateCustomer(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    guard var customer = customers[order.id] else { throw .missing("customer", order.id) }
    try fill(&customer, from: order)
    customer["updated_at"] = .int(scene.now.seconds)
    customer["resource_version"] = scene.version()
    customers[order.id] = customer
    announce("customer_changed", content(ofCustomer: order.id), by: order.cause, &scene)
    return .object(content(ofCustomer: order.id))
  }

  func customer(_ id: String) throws(ChargebeeError) -> JSON {
    guard customers[id] != nil else { throw .missing("customer", id) }
    return .object(content(ofCustomer: id))
  }

  /// The customer and the card that belongs to it, as answers and events carry them.
  func content(ofCustomer id: String) -> Members {
    var content: Members = [:]
    if let customer = customers[id] { content["customer"] = .object(customer) }
    if let card = cards[id] { content["card"] = .object(card) }
    return content
  }

  // MARK: Private

  private static let texts = [
    "first_name", "last_name", "email", "phone", "company", "preferred_currency_code",
    "auto_collection", "vat_number", "taxability", "locale", "invoice_notes", "customer_type",
    "offline_payment_method", "business_entity_id", "entity_code", "exempt_number",
  ]
  private static let flags = [
    "allow_direct_debit", "consolidated_invoicing", "auto_close_invoices", "registered_for_gst",
  ]

  private func fill(_ customer: inout Members, from order: Order) throws(ChargebeeError) {
    if let currency = order.text("preferred_currency_code"),
      !settings.currencies.contains(currency)
    {
      throw notSwitchedOn(currency, param: "preferred_currency_code")
    }
    for name in Self.texts + settings.customFields.sorted() {
      if let text = order.text(name) { customer[name] = .string(text) }
      if order.clears(name) { customer[name] = nil }
    }
    for name in Self.flags {
      if let flag = order.flag(name) { customer[name] = .bool(flag) }
    }
    for name in ["meta_data", "exemption_details"] {
      if let json = order.json(name) { customer[name] = json }
      if order.clears(name) { customer[name] = nil }
    }
    if let days = order.int("net_term_days") { customer["net_term_days"] = .int(days) }
  }

  func notSwitchedOn(_ currency: String, param: String) -> ChargebeeError {
    ChargebeeError(
      status: 400, code: "configuration_incompatible",
      message: "\(param) : the currency \(currency) is not enabled", param: param)
  }
}
