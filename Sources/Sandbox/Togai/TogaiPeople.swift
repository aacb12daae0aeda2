import FoundationEssentials
import StepKit
import Values

/// What people do at Togai's console, and what it does by itself.
extension Togai {
  /// Puts a price plan into the catalogue: `BILLING`, or `PURCHASE` with a price and features.
  mutating func definePricePlan(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    let wish = try Wish(wish, "id", "name", "type", "status", "price", "features", "currencies")
    let id = try wish.text("id", or: scene.ids.togai("pp"))
    let type = try wish.text("type", or: "BILLING")
    guard ["BILLING", "PURCHASE"].contains(type) else {
      throw SandboxError("type must be BILLING or PURCHASE")
    }
    var features: [JSON] = []
    for feature in try wish.list("features") {
      let feature = try Wish(feature, "id", "name", "credits")
      let id = try feature.text("id", or: scene.ids.togai("feature"))
      features.append(
        .members([
          "id": .string(id), "name": .string(try feature.text("name", or: id)),
          "credits": .decimal(try feature.decimal("credits", or: 0)),
        ]))
    }
    let now = JSON.string(scene.now.text)
    let currencies = try wish.list("currencies")
    pricePlans[id] = Members([
      "id": .string(id), "name": .string(try wish.text("name", or: id)), "type": .string(type),
      "status": .string(try wish.text("status", or: "ACTIVE")),
      "scheduleId": .string(scene.ids.togai("sch")),
      "price": .decimal(try wish.decimal("price", or: 0)), "features": .array(features),
      "currencies": currencies.isEmpty ? [.string(settings.currency)] : .array(currencies),
      "createdAt": now, "updatedAt": now,
    ])
    return pricePlans[id].map(JSON.object) ?? .null
  }

  /// Adds an invoice that still runs (DRAFT), with the tree of what is charged.
  mutating func addInvoice(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    let wish = try Wish(
      wish, "account", "id", "revenueInfo", "totalAmount", "pricePlanId", "startDate", "endDate",
      "invoiceClass", "invoiceType", "usageInfo", "netTermDays")
    let id = try wish.text("account")
    guard let account = accounts[id] else { throw SandboxError("account \(id) is not known") }
    let own = wish["id"].string
    if let own, invoices[own] != nil { throw SandboxError("invoice \(own) is there already") }
    let revenue = wish["revenueInfo"]
    guard let total = wish["totalAmount"].decimal ?? revenue["value"].decimal else {
      throw SandboxError("want totalAmount, a number, or revenueInfo with a value")
    }
    let tree: JSON =
      revenue.isNull
      ? .members([
        "description": "Grand total", "type": "GRAND_TOTAL_AMOUNT", "value": .decimal(total),
        "units": account["invoiceCurrency"],
      ]) : revenue
    let plan = wish["pricePlanId"].string.flatMap { pricePlans[$0] }
    let made = keepInvoice(
      id: own, total: total, revenue: tree, account: account, plan: plan, isOrder: false,
      status: "DRAFT", &scene)
    guard var invoice = invoices[made] else { return .null }
    for name in ["startDate", "endDate", "invoiceClass", "invoiceType", "usageInfo", "netTermDays"]
    where !wish[name].isNull {
      invoice[name] = wish[name]
    }
    invoice["endDateInclusive"] = invoice["endDate"]
    invoices[made] = invoice
    return .object(invoice)
  }

  /// Ends the grace period of a draft: it becomes DUE, or PAID where there is nothing to pay.
  mutating func generateInvoice(_ id: String, _ scene: inout Scene) throws(SandboxError) -> JSON {
    guard let invoice = invoices[id] else { throw SandboxError("invoice \(id) is not known") }
    guard invoice.text("status") == "DRAFT" else { throw SandboxError("invoice \(id) is no draft") }
    let total = invoice["totalAmount"]?.decimal ?? 0
    let status = total > 0 ? "DUE" : total < 0 ? "REFUND_COMPLETED" : "PAID"
    set(status, of: id, paid: nil, &scene)
    return invoices[id].map(JSON.object) ?? .null
  }

  /// Sends a webhook.
  ///
  /// Togai documents no body; this is what the bodies of its API suggest.
  func announce(_ type: String, _ resource: JSON, _ scene: inout Scene) {
    let id = scene.ids.togai("evt")
    let event = JSON.members([
      "id": .string(id), "type": .string(type), "createdAt": .string(scene.now.text),
      "organizationId": .string(settings.organization), "payload": resource,
    ])
    scene.post.send(event, id: id, from: Self.name, at: scene.now)
  }
}
