import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Store
import Values

extension Command {
  /// `demo`: the three flows, start to end.
  static let demo = Command(
    name: "demo", summary: "Show the three flows between a Chargebee and a Togai that are played",
    details: """
      Both systems are played on this machine, so nothing needs to be set up. Every webhook is sent
      twice, as the real ones may be. The exit status is 0 only if all that is said is true.
      """, usesHome: false
  ) { (context) throws(Problem) in
    let world = try DemoWorld(catalog: context.catalog(), functions: context.functions())
    defer { world.close() }
    try Demo(world: world, givesJSON: context.wantsJSON).run()
  }
}

/// The demonstration, scene by scene; each says what happened and checks that it did.
struct Demo {
  let world: DemoWorld
  /// Whether each thing that is said is a line of JSON: a scene, what happened, or what was checked.
  let givesJSON: Bool
  private let itemPrice = "growth-USD-Monthly"
  private let plan = "pp.20txw0FrqjQ.byM8V"
  private let customer = "acme-corp"

  func run() throws(Problem) {
    try connect()
    try furnish()
    try createCustomer()
    try payForPlan()
    try generateInvoice()
    scene("All three flows did what they say, each thing exactly once.")
  }

  private func say(_ kind: String, _ words: String, _ lines: String...) {
    if givesJSON { return Terminal.say(.object([kind: .string(words)])) }
    for line in lines { Terminal.say(line) }
  }

  private func scene(_ title: String) { say("scene", title, "", Terminal.bold(title)) }

  private func tell(_ line: String) { say("happened", line.nonBlank ?? "", "  \(line)") }

  /// Says what is so, and ends the demonstration where it is not.
  private func check(_ claim: String, _ isTrue: Bool) throws(Problem) {
    guard isTrue else { throw Problem(.software, "this is not true: \(claim)") }
    say("checked", claim, "  \(Terminal.green("✓")) \(claim)")
  }
}

// MARK: - Scenes

extension Demo {
  private func connect() throws(Problem) {
    scene("1. Two systems, and Meterbridge between them")
    let registry = world.registry
    _ = try registry.add(
      connection: "chargebee", app: "chargebee",
      settings: [
        "site": "acme", "itemPrice": itemPrice, "baseUrl": world.sandbox.chargebeeURL,
      ],
      secrets: ["apiKey": Secret(ChargebeeSettings().key), "webhookPassword": Secret("demo-only")])
    _ = try registry.add(
      connection: "togai", app: "togai", settings: ["baseUrl": world.sandbox.togaiURL],
      secrets: ["token": Secret(TogaiSettings().key), "webhookSecret": Secret("for-the-demo-only")])
    tell("connections: chargebee (site acme, Item Price \(itemPrice)), togai")
    let flows: [(id: String, name: String, settings: [String: String])] = [
      ("chargebee-togai-customer-sync", "customers", [:]),
      ("associate-priceplan-on-chargebee-payment", "payments", ["pricePlan": plan]),
      ("chargebee-togai-invoice-sync", "invoices", [:]),
    ]
    for flow in flows {
      let action = try registry.flows.get(flow.id).parts[1].step
      _ = try registry.connect(
        flow: flow.id, name: flow.name, connections: [:],
        settings: flow.settings.isEmpty ? [:] : [action: flow.settings])
      _ = try registry.flows.enable(flow.name, true)
      tell("enabled: \(try registry.flows.get(flow.id).name)")
    }
    let togaiHook = try registry.webhookURL(
      of: registry.connections.get("togai"), base: world.hooks)
    world.sandbox.setWebhook(
      WebhookSettings(
        url: "\(world.hooks)/hooks/chargebee", username: "meterbridge", password: "demo-only",
        copies: 2), of: "chargebee")
    world.sandbox.setWebhook(WebhookSettings(url: togaiHook, copies: 2), of: "togai")
  }

  /// What the two catalogues hold: one thing that is sold in the one and granted in the other.
  private func furnish() throws(Problem) {
    _ = try world.act { () throws(SandboxError) in
      try world.sandbox.defineItemPrice([
        "id": .string(itemPrice), "item_type": "plan", "price": 49_000, "currency_code": "USD",
      ])
    }
    _ = try world.act { () throws(SandboxError) in
      try world.sandbox.definePricePlan([
        "id": .string(plan), "name": "Growth, prepaid", "type": "PURCHASE", "price": 490,
        "features": [["id": "feature.20txvOAhiIS.m3X3d", "name": "API calls", "credits": 10_000]],
      ])
    }
  }

  private func createCustomer() throws(Problem) {
    scene("2. A customer is created in Chargebee")
    _ = try world.act { () throws(SandboxError) in
      try world.sandbox.addCustomer([
        "id": .string(customer), "company": "Acme Corp", "email": "mara@acme.example",
        "preferred_currency_code": "USD",
        "billing_address": ["line1": "340 S Lemon Ave", "city": "Walnut", "country": "US"],
      ])
    }
    try world.settle()
    let account = try world.togai("/accounts/\(customer)")
    tell("Togai now has the customer and the account \(account["id"].string ?? "?")")
    try check(
      "Togai bills \(account["name"].string ?? "?") in \(account["invoiceCurrency"].string ?? "?")",
      account["name"] == "Acme Corp" && account["invoiceCurrency"] == "USD")
    let links = try Links(home: world.registry.home).rows(.customer)
    for (scope, id) in (links.first?.ids ?? [:]).sorted(by: { $0.key < $1.key }) {
      tell("ID mapping: \(scope)/\(id)")
    }
    try check("one customer in the ID mapping, although the webhook came twice", links.count == 1)
    let setting = try world.togai(
      "/settings?entity_type=ACCOUNT&entity_id=\(customer)&setting_id=ChargebeeCustomerId")
    try check(
      "the account's Settings tab says ChargebeeCustomerId = \(customer)",
      setting["data"].array?.first?["value"].string == customer)
  }

  private func payForPlan() throws(Problem) {
    scene("3. The customer pays for a prepaid plan in Chargebee")
    let paid = try world.act { () throws(SandboxError) in
      try world.sandbox.payForPlan([
        "customer": .string(customer),
        "items": [["item_price": .string(itemPrice), "quantity": 1]],
      ])
    }
    try world.settle()
    tell(
      "Chargebee took \(money(paid["transaction"]["amount"]))"
        + " for its invoice \(paid["invoice"]["id"].string ?? "?")")
    let purchases = try world.togai("/accounts/\(customer)/purchases")["data"].array ?? []
    let purchase = try world.togai("/purchases/\(purchases.first?["id"].string ?? "?")")
    try check(
      "Togai made one purchase of the plan, \(purchase["id"].string ?? "?")", purchases.count == 1)
    let order = try world.togai("/invoices/\(purchase["invoiceId"].string ?? "?")")
    tell(
      "its order \(order["id"].string ?? "?") is \(order["status"].string ?? "?"):"
        + " \(order["paidAmount"].decimal?.description ?? "?") of"
        + " \(order["totalAmount"].decimal?.description ?? "?") USD")
    try check("the order is paid, and never billed again in Chargebee", order["status"] == "PAID")
    let feature = try world.togai("/accounts/\(customer)/features/feature.20txvOAhiIS.m3X3d")
    let balance = feature["balance"].decimal
    try check(
      "the customer can use \(balance?.description ?? "?") API calls at once", balance == 10_000)
  }

  private func generateInvoice() throws(Problem) {
    scene("4. Togai generates the invoice for the usage of the month")
    let draft = try world.act { () throws(SandboxError) in
      try world.sandbox.addInvoice(["account": .string(customer), "revenueInfo": Self.revenue])
    }
    let id = draft["id"].string ?? "?"
    _ = try world.act { () throws(SandboxError) in try world.sandbox.generateInvoice(id) }
    try world.settle()
    let row = try Links(home: world.registry.home).row(.invoice, anyOf: ["togai:production": id])
    let made = row?.ids["chargebee:acme"] ?? "?"
    let invoice = try world.chargebee("/invoices/\(made)")["invoice"]
    tell("Togai's \(id) is Chargebee's invoice \(made):")
    for line in invoice["line_items"].array ?? [] {
      tell("  \(money(line["amount"]))  \(line["description"].string ?? "")")
    }
    for discount in invoice["discounts"].array ?? [] {
      tell("  −\(money(discount["amount"]))  credits")
    }
    let total = draft["totalAmount"].decimal.flatMap { $0.minor(places: 2) }
    try check(
      "the totals agree: \(money(invoice["total"])) in both", invoice["total"].int == total)
    let all = try world.chargebee("/invoices?customer_id%5Bis%5D=\(customer)&limit=100")
    let same = (all["list"].array ?? []).filter { $0["invoice"]["po_number"].string == id }
    try check("Chargebee has exactly one invoice for it", same.count == 1)
    let runs = try RunStore(home: world.registry.home).runs()
    let bad = runs.filter { $0.status == .failed || $0.status == .parked }
    try check("no run failed", bad.isEmpty && !runs.isEmpty)
  }

  /// Cents as people write dollars.
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

  /// What a month of usage comes to, less a credit, as Togai's invoices tell it.
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
