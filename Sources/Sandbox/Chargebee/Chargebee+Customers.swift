import Values

extension Chargebee {
  mutating func createCustomer(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let id = request.text("id") ?? context.ids.chargebee()
    guard customers[id] == nil else {
      throw ChargebeeError(
        status: 400, code: "duplicate_entry",
        message: "id : The value \(id) is already present.", param: "id")
    }
    let now = JSON.int(context.now.seconds)
    var customer = Members([
      "id": .string(id), "auto_collection": "on", "net_term_days": 0, "allow_direct_debit": false,
      "created_at": now, "updated_at": now, "taxability": "taxable", "pii_cleared": "active",
      "channel": "web", "deleted": false, "object": "customer", "card_status": "no_card",
      "promotional_credits": 0, "refundable_credits": 0, "excess_payments": 0,
      "unbilled_charges": 0, "preferred_currency_code": .text(settings.currencies.first),
    ])
    try fill(&customer, from: request)
    let address = request.nested("billing_address")
    if !address.isEmpty {
      var members = address.mapValues(JSON.string)
      members["object"] = "billing_address"
      members["validation_status"] = members["validation_status"] ?? "not_validated"
      customer["billing_address"] = .object(members)
    }
    customer["resource_version"] = context.version()
    customers[id] = customer
    announce("customer_created", content(ofCustomer: id), by: request.cause)
    return .object(content(ofCustomer: id))
  }

  mutating func updateCustomer(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    var customer = try find(request.id, in: customers, "customer")
    try fill(&customer, from: request)
    stamp(&customer)
    customers[request.id] = customer
    announce("customer_changed", content(ofCustomer: request.id), by: request.cause)
    return .object(content(ofCustomer: request.id))
  }

  func customer(_ id: String) throws(ChargebeeError) -> JSON {
    _ = try find(id, in: customers, "customer")
    return .object(content(ofCustomer: id))
  }

  /// A customer and its card, as replies and events contain them.
  func content(ofCustomer id: String) -> Members {
    Members(["customer": customers.json(id), "card": cards.json(id)])
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

  private func fill(_ customer: inout Members, from request: ChargebeeRequest)
    throws(ChargebeeError)
  {
    if let currency = request.text("preferred_currency_code"),
      !settings.currencies.contains(currency)
    {
      throw notSwitchedOn(currency, param: "preferred_currency_code")
    }
    for name in Self.texts + settings.customFields.sorted() {
      if let text = request.text(name) { customer[name] = .string(text) }
      if request.clears(name) { customer[name] = nil }
    }
    for name in Self.flags {
      if let flag = request.flag(name) { customer[name] = .bool(flag) }
    }
    for name in ["meta_data", "exemption_details"] {
      if let json = request.json(name) { customer[name] = json }
      if request.clears(name) { customer[name] = nil }
    }
    if let days = request.int("net_term_days") { customer["net_term_days"] = .int(days) }
  }

  func notSwitchedOn(_ currency: String, param: String) -> ChargebeeError {
    ChargebeeError(
      status: 400, code: "configuration_incompatible",
      message: "\(param) : the currency \(currency) is not enabled", param: param)
  }
}
