import FoundationEssentials
import Values

/// Actions at Chargebee's console, without the API.
extension Chargebee {
  mutating func control(
    _ method: String, _ path: [String], _ body: JSON
  ) throws(SandboxError) -> JSON? {
    switch "\(method) \(path.joined(separator: "/"))" {
    case "POST customers": return try addCustomer(body)
    case "POST item_prices": return try defineItemPrice(body)
    case "POST payments": return try payForPlan(body)
    case "POST subscriptions": return try beginSubscription(body)
    case "POST credits": return try giveCredits(body)
    case "POST plan_changes": return try changePlan(body)
    case "POST adjustments": return try addAdjustment(body)
    case "POST events": return try emit(body)
    case "POST settings": return try configure(body)
    default:
      guard method == "POST", path.count == 3 else { return nil }
      switch (path[0], path[2]) {
      case ("events", "resend"): return try resend(path[1])
      case ("payments", "fail"): return try failLate(path[1])
      case ("subscriptions", "items"): return try replaceItems(path[1], body)
      case ("subscriptions", "start"): return try moveStart(path[1], body)
      case ("subscriptions", _): return try moveSubscription(path[1], path[2])
      default: return nil
      }
    }
  }

  /// Adds a customer; the members are those of the API, nested as objects.
  mutating func addCustomer(_ body: JSON) throws(SandboxError)
    -> JSON
  {
    guard let members = body.object else { throw SandboxError("the body must be a JSON object") }
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
      let request = try ChargebeeRequest(
        fields, id: "", table: table, customFields: settings.customFields,
        cause: Cause(source: .console))
      return try createCustomer(request)["customer"]
    } catch {
      throw SandboxError(error.message)
    }
  }

  /// Adds an item price to the catalogue, or replaces it.
  mutating func defineItemPrice(_ body: JSON) throws(SandboxError)
    -> JSON
  {
    let request = try ControlRequest(
      body, "id", "name", "item_type", "price", "currency_code", "pricing_model", "period",
      "period_unit", "is_taxable", "status", "metadata")
    let id = try request.text("id")
    let type = try request.text("item_type", or: "plan")
    guard ["plan", "addon", "charge"].contains(type) else {
      throw SandboxError("item_type must be plan, addon or charge")
    }
    let now = JSON.int(context.now.seconds)
    var price = Members([
      "id": .string(id), "object": "item_price", "item_type": .string(type),
      "item_id": .string(String(id.prefix { $0 != "-" })), "item_family_id": "sandbox",
      "name": .string(try request.text("name", or: id)),
      "external_name": .string(try request.text("name", or: id)),
      "price": .int(try request.int("price", or: 0)),
      "currency_code": .string(
        try request.text("currency_code", or: settings.currencies.first ?? "USD")),
      "pricing_model": .string(
        try request.text("pricing_model", or: type == "charge" ? "flat_fee" : "per_unit")),
      "status": .string(try request.text("status", or: "active")), "free_quantity": 0,
      "deleted": false,
      "channel": "web", "is_taxable": .bool(try request.flag("is_taxable", or: true)),
      "metadata": request["metadata"], "created_at": now, "updated_at": now,
      "resource_version": context.version(),
    ])
    if type != "charge" {
      price["period"] = .int(try request.int("period", or: 1))
      price["period_unit"] = .string(try request.text("period_unit", or: "month"))
    }
    itemPrices[id] = price
    return .object(price)
  }

  /// Changes the settings of the site.
  mutating func configure(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(
      body, "taxRate", "storesErrors", "reportsRecordedPayments", "leavesOut", "pagesLineItems",
      "eventVersion", "customFields", "currencies", "callsPerMinute", "hasInclusivePrices",
      "timeZone")
    var new = settings
    new.taxRate = try request.decimal("taxRate", or: new.taxRate)
    new.storesErrors = try request.flag("storesErrors", or: new.storesErrors)
    new.reportsRecordedPayments = try request.flag(
      "reportsRecordedPayments", or: new.reportsRecordedPayments)
    new.pagesLineItems = try request.flag("pagesLineItems", or: new.pagesLineItems)
    new.eventVersion = try request.text("eventVersion", or: new.eventVersion)
    new.callsPerMinute = try request.limit("callsPerMinute", or: new.callsPerMinute)
    new.leavesOut = Set(try request.texts("leavesOut", or: Array(new.leavesOut)))
    new.customFields = Set(try request.texts("customFields", or: Array(new.customFields)))
    new.currencies = try request.texts("currencies", or: new.currencies)
    new.hasInclusivePrices = try request.flag("hasInclusivePrices", or: new.hasInclusivePrices)
    new.timeZone = try request.text("timeZone", or: new.timeZone)
    settings = new
    return [:]
  }
}
