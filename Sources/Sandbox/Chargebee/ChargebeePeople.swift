import HTTPServer
import Values

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
      "deleted": false,
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

  /// Gives a customer promotional credits, in minor units.
  mutating func giveCredits(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    let wish = try Wish(wish, "customer", "amount")
    let id = try wish.text("customer")
    guard var customer = customers[id] else { throw SandboxError("customer \(id) is not known") }
    let amount = try wish.int("amount", or: 0)
    guard amount > 0 else { throw SandboxError("amount must be more than 0") }
    customer["promotional_credits"] = .int(customer.int("promotional_credits") + amount)
    stamp(&customer, &scene)
    customers[id] = customer
    return .object(customer)
  }
}
