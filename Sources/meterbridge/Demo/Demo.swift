import Catalog
import Foundation
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Store
import Values

/// The demonstration, scene by scene.
///
/// Each scene reports what happens and verifies it.
struct Demo {
  let world: DemoWorld
  /// Whether the output is JSON Lines: `scene`, `happened` or `checked`.
  let printsJSON: Bool
  private let itemPrice = "growth-USD-Monthly"
  private let plan = "pp.20txw0FrqjQ.byM8V"
  private let customer = "acme-corp"

  func run() throws(Problem) {
    try connect()
    try furnish()
    try createCustomer()
    try payForPlan()
    try generateInvoice()
    scene("All three flows did their work, each effect exactly once.")
  }

  private func print(_ kind: String, _ text: String, _ lines: String) {
    printsJSON ? Terminal.print([kind: .string(text)]) : Terminal.print(styled: lines)
  }

  private func scene(_ title: String) { print("scene", title, "\n" + Terminal.bold(title)) }

  private func note(_ line: String) {
    print("happened", line.nonBlank ?? "", "  \(line.displayed())")
  }

  /// Reports a claim that holds.
  ///
  /// - Throws: `software` if it does not hold.
  private func check(_ claim: String, _ isTrue: Bool) throws(Problem) {
    guard isTrue else { throw Problem(.software, "this does not hold: \(claim)") }
    print("checked", claim, "  \(Terminal.green("✓")) \(claim)")
  }
}

// MARK: - Scenes

extension Demo {
  private func connect() throws(Problem) {
    scene("1. Meterbridge connects two systems")
    let registry = world.registry
    _ = try registry.add(
      connection: "chargebee", app: "chargebee",
      settings: ["site": "acme", "itemPrice": itemPrice, "baseUrl": world.sandbox.chargebeeURL],
      secrets: ["apiKey": Secret(ChargebeeSettings().key), "webhookPassword": Secret("demo-only")])
    _ = try registry.add(
      connection: "togai", app: "togai", settings: ["baseUrl": world.sandbox.togaiURL],
      secrets: ["token": Secret(TogaiSettings().key), "webhookSecret": Secret("for-the-demo-only")])
    note("connections: chargebee (site acme, Item Price \(itemPrice)), togai")
    let flows: [(id: String, name: String, settings: [String: String])] = [
      ("chargebee-togai-customer-sync", "customers", [:]),
      ("associate-priceplan-on-chargebee-payment", "payments", ["pricePlan": plan]),
      ("togai-chargebee-invoice-sync", "invoices", [:]),
    ]
    for flow in flows {
      let action = try registry.flows.get(flow.id).parts[1].step
      _ = try registry.connect(
        flow: flow.id, name: flow.name, connections: [:],
        settings: flow.settings.isEmpty ? [:] : [action: flow.settings])
      _ = try registry.flows.enable(flow.name, true)
      note("enabled: \(try registry.flows.get(flow.id).name)")
    }
    let togaiHook = try registry.webhookURL(
      of: registry.connections.get("togai"), base: world.hooks)
    world.sandbox.setWebhook(
      WebhookSettings(
        url: "\(world.hooks)/hooks/chargebee", username: "meterbridge", password: "demo-only",
        copies: 2), of: "chargebee")
    world.sandbox.setWebhook(WebhookSettings(url: togaiHook, copies: 2), of: "togai")
  }

  /// Defines the plan that is sold in Chargebee and granted in Togai.
  private func furnish() throws(Problem) {
    try world.act(
      try world.sandbox.defineItemPrice([
        "id": .string(itemPrice), "item_type": "plan", "price": 49_000, "currency_code": "USD",
      ]))
    try world.act(
      try world.sandbox.definePricePlan([
        "id": .string(plan), "name": "Growth, prepaid", "type": "PURCHASE", "price": 490,
        "features": [["id": "feature.20txvOAhiIS.m3X3d", "name": "API calls", "credits": 10_000]],
      ]))
  }

  private func createCustomer() throws(Problem) {
    scene("2. A customer is created in Chargebee")
    try world.act(
      try world.sandbox.addCustomer([
        "id": .string(customer), "company": "Acme Corp", "email": "mara@acme.example",
        "preferred_currency_code": "USD",
        "billing_address": ["line1": "340 S Lemon Ave", "city": "Walnut", "country": "US"],
      ]))
    try world.settle()
    let account = try world.togai("/accounts/\(customer)")
    note("Togai now has the customer and the account \(account["id"].shown)")
    try check(
      "Togai bills \(account["name"].shown) in \(account["invoiceCurrency"].shown)",
      account["name"] == "Acme Corp" && account["invoiceCurrency"] == "USD")
    let links = try Links(home: world.registry.home).rows(.customer)
    for (scope, id) in (links.first?.ids ?? [:]).sorted(by: { $0.key < $1.key }) {
      note("ID mapping: \(scope)/\(id)")
    }
    try check("the ID mapping has one customer, although the webhook came twice", links.count == 1)
    let setting = try world.togai(
      "/settings?entity_type=ACCOUNT&entity_id=\(customer)&setting_id=ChargebeeCustomerId")
    try check(
      "the account's Settings tab shows ChargebeeCustomerId = \(customer)",
      setting["data"].array?.first?["value"].string == customer)
  }

  private func payForPlan() throws(Problem) {
    scene("3. The customer pays for a prepaid plan in Chargebee")
    let paid = try world.act(
      try world.sandbox.payForPlan([
        "customer": .string(customer),
        "items": [["item_price": .string(itemPrice), "quantity": 1]],
      ]))
    try world.settle()
    note(
      "Chargebee collected \(money(paid["transaction"]["amount"]))"
        + " for invoice \(paid["invoice"]["id"].shown)")
    let purchases = try world.togai("/accounts/\(customer)/purchases")["data"].array ?? []
    let purchase = try world.togai("/purchases/\((purchases.first ?? .null)["id"].shown)")
    try check(
      "Togai has one purchase of the plan, \(purchase["id"].shown)", purchases.count == 1)
    let order = try world.togai("/invoices/\(purchase["invoiceId"].shown)")
    note(
      "its order, \(order["id"].shown), is \(order["status"].shown):"
        + " \(order["paidAmount"].shown) of \(order["totalAmount"].shown) USD")
    try check("the order is paid and is not billed again in Chargebee", order["status"] == "PAID")
    let feature = try world.togai("/accounts/\(customer)/features/feature.20txvOAhiIS.m3X3d")
    try check(
      "the customer can use \(feature["balance"].shown) API calls immediately",
      feature["balance"].decimal == 10_000)
  }

  private func generateInvoice() throws(Problem) {
    scene("4. Togai generates the invoice for the month's usage")
    let draft = try world.act(
      try world.sandbox.addInvoice(["account": .string(customer), "revenueInfo": Self.revenue]))
    let id = draft["id"].shown
    try world.act(try world.sandbox.generateInvoice(id))
    try world.settle()
    let row = try Links(home: world.registry.home).row(.invoice, anyOf: ["togai:production": id])
    let made = row?.ids["chargebee:acme"] ?? "?"
    let invoice = try world.chargebee("/invoices/\(made)")["invoice"]
    note("Togai invoice \(id) is Chargebee invoice \(made):")
    for line in invoice["line_items"].array ?? [] {
      note("  \(money(line["amount"]))  \(line["description"].string ?? "")")
    }
    for discount in invoice["discounts"].array ?? [] {
      note("  −\(money(discount["amount"]))  credits")
    }
    let total = draft["totalAmount"].decimal.flatMap { $0.minor(places: 2) }
    try check(
      "the totals agree: \(money(invoice["total"])) in both systems", invoice["total"].int == total)
    let all = try world.chargebee("/invoices?customer_id%5Bis%5D=\(customer)&limit=100")
    let same = (all["list"].array ?? []).filter { $0["invoice"]["po_number"].string == id }
    try check("Chargebee has exactly one invoice for it", same.count == 1)
    let runs = try RunStore(home: world.registry.home).runs()
    let bad = runs.filter { $0.status == .failed || $0.status == .parked }
    try check("no run failed", bad.isEmpty && !runs.isEmpty)
  }

  /// An amount in cents, written in dollars.
  private func money(_ cents: JSON) -> String {
    guard let cents = cents.int else { return "?" }
    let rest = String(cents % 100)
    return "\(cents / 100).\(rest.count < 2 ? "0" : "")\(rest) USD"
  }

  private static func dollars(_ cents: Int) -> JSON {
    .number(Numeral(Money(minor: cents, places: 2, "USD").amount))
  }

  private static func node(
    _ type: String, _ description: String, _ cents: Int, _ children: [JSON] = []
  ) -> JSON {
    .members([
      "type": .string(type), "description": .string(description), "units": "USD",
      "value": dollars(cents), "lineItems": children.isEmpty ? nil : .array(children),
    ])
  }

  /// The usage of a month less a credit, in the form of Togai's invoices.
  private static let revenue = node(
    "GRAND_TOTAL_AMOUNT", "Grand total", 88_204,
    [
      node(
        "GROSS_AMOUNT", "Gross", 98_204,
        [
          node("USAGE_RATE_CARD_AMOUNT", "API calls", 39_210),
          node("USAGE_RATE_CARD_AMOUNT", "Exports", 58_994),
        ]),
      node("TOTAL_CREDITS", "Credits", -10_000, [node("SUB_CREDITS", "Welcome credit", -10_000)]),
    ])
}

extension JSON {
  /// The text or the number; a question mark for anything else.
  fileprivate var shown: String { string ?? decimal?.description ?? "?" }
}
