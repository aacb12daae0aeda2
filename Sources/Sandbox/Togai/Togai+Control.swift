import FoundationEssentials
import Values

/// Actions at Togai's console, and webhooks.
extension Togai {
  mutating func control(
    _ method: String, _ path: [String], _ body: JSON
  ) throws(SandboxError) -> JSON? {
    switch "\(method) \(path.joined(separator: "/"))" {
    case "POST price_plans": return try definePricePlan(body)
    case "POST licenses": return try defineLicense(body)
    case "POST invoices": return try addInvoice(body)
    case "POST usage": return try use(body)
    default:
      guard method == "POST", path.count == 3 else { return nil }
      switch (path[0], path[2]) {
      case ("invoices", "generate"): return try generateInvoice(path[1])
      case ("invoice_groups", "consolidate"): return try consolidate(path[1])
      default: return nil
      }
    }
  }

  /// Adds a price plan to the catalogue, or replaces it.
  mutating func definePricePlan(_ body: JSON) throws(SandboxError)
    -> JSON
  {
    let request = try ControlRequest(
      body, "id", "name", "type", "status", "price", "features", "currencies")
    let id = try request.text("id", or: context.ids.togai("pp"))
    let type = try request.text("type", or: "BILLING")
    guard ["BILLING", "PURCHASE"].contains(type) else {
      throw SandboxError("type must be BILLING or PURCHASE")
    }
    var features: [JSON] = []
    for feature in try request.list("features") {
      let feature = try ControlRequest(feature, "id", "name", "credits")
      let id = try feature.text("id", or: context.ids.togai("feature"))
      features.append(
        .members([
          "id": .string(id), "name": .string(try feature.text("name", or: id)),
          "credits": .decimal(try feature.decimal("credits", or: 0)),
        ]))
    }
    let now = JSON.string(context.now.text)
    let currencies = try request.list("currencies")
    pricePlans[id] = Members([
      "id": .string(id), "name": .string(try request.text("name", or: id)), "type": .string(type),
      "status": .string(try request.text("status", or: "ACTIVE")),
      "scheduleId": .string(context.ids.togai("sch")),
      "price": .decimal(try request.decimal("price", or: 0)), "features": .array(features),
      "currencies": currencies.isEmpty ? [.string(settings.currency)] : .array(currencies),
      "createdAt": now, "updatedAt": now,
    ])
    return pricePlans.json(id) ?? .null
  }

  /// Adds a DRAFT invoice with the tree of its charges.
  mutating func addInvoice(_ body: JSON) throws(SandboxError)
    -> JSON
  {
    let request = try ControlRequest(
      body, "account", "id", "revenueInfo", "totalAmount", "pricePlanId", "startDate", "endDate",
      "invoiceClass", "invoiceType", "usageInfo", "netTermDays")
    let id = try request.text("account")
    guard let account = accounts[id] else { throw SandboxError("account \(id) is not known") }
    let own = request["id"].string
    if let own, invoices[own] != nil { throw SandboxError("invoice \(own) exists already") }
    let revenue = request["revenueInfo"]
    guard let total = request["totalAmount"].decimal ?? revenue["value"].decimal else {
      throw SandboxError("totalAmount must be a number, unless revenueInfo has a value")
    }
    let tree: JSON =
      revenue.isNull
      ? .members([
        "description": "Grand total", "type": "GRAND_TOTAL_AMOUNT", "value": .decimal(total),
        "units": account["invoiceCurrency"],
      ]) : revenue
    let plan = request["pricePlanId"].string.flatMap { pricePlans[$0] }
    let made = keepInvoice(
      id: own, total: total, revenue: tree, account: account, plan: plan, isOrder: false,
      status: "DRAFT")
    guard var invoice = invoices[made] else { return .null }
    for name in ["startDate", "endDate", "invoiceClass", "invoiceType", "usageInfo", "netTermDays"]
    where !request[name].isNull {
      invoice[name] = request[name]
    }
    invoice["endDateInclusive"] = invoice["endDate"]
    invoices[made] = invoice
    return .object(invoice)
  }

  /// Ends the grace period of a DRAFT invoice.
  ///
  /// It becomes DUE, PAID if its total is 0, or REFUND_COMPLETED if that is negative.
  mutating func generateInvoice(_ id: String) throws(SandboxError)
    -> JSON
  {
    guard let invoice = invoices[id] else { throw SandboxError("invoice \(id) is not known") }
    guard invoice.text("status") == "DRAFT" else {
      throw SandboxError("invoice \(id) is not a draft")
    }
    let total = invoice["totalAmount"]?.decimal ?? 0
    let status = total > 0 ? "DUE" : total < 0 ? "REFUND_COMPLETED" : "PAID"
    set(status, of: id, paid: nil)
    return invoices.json(id) ?? .null
  }

  /// Sends a webhook.
  ///
  /// Togai does not document the body; this one follows the bodies of its API.
  mutating func announce(_ type: String, _ resource: JSON) {
    let id = context.ids.togai("evt")
    let event = JSON.members([
      "id": .string(id), "type": .string(type), "createdAt": .string(context.now.text),
      "organizationId": .string(settings.organization), "payload": resource,
    ])
    context.outbox.send(event, event: id, from: Self.name, at: context.now)
  }
}
