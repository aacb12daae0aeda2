import Catalog
import Records
import Sandbox
import Setup
import StepKit
import Values

/// Scenarios of subscriptions, whose price plans nobody pays for.
extension Scenario {
  /// A subscription that begins and changes, and one that ends.
  static let subscriptions = [subscribed, unsubscribed]

  private static let flow = "chargebee-togai-subscription-sync"
  private static let plan = "pp.subscribed"
  private static let license = "lic.seats"
  private static let settings = [
    flow: [
      "togai/set-price-plans": [
        "pricePlans": "{\"\(EndToEnd.itemPrice)\":\"\(plan)\"}",
        "licenses": "{\"\(EndToEnd.itemPrice)\":\"\(license)\"}", "hold": "none",
      ]
    ]
  ]

  private static let catalogue: @Sendable (EndToEnd) throws -> Void = { fixture in
    try fixture.sandbox.definePricePlan(["id": .string(plan), "type": "BILLING"])
    try fixture.sandbox.defineLicense(license)
    try fixture.addCustomer("acme")
  }

  private static func subscribe(_ fixture: EndToEnd) throws {
    try fixture.sandbox.payForPlan([
      "customer": "acme", "subscription": "sub-1", "unpaid": true, "items": items(1),
    ])
  }

  private static func items(_ quantity: Int) -> JSON {
    [["item_price": .string(EndToEnd.itemPrice), "quantity": .number(Numeral(quantity))]]
  }

  static let subscribed = Scenario(
    name: "subscribed", flows: [flow],
    claims: [.customers, .comments, .plan(plan, isOpen: true), .licenses(3)], settings: settings,
    before: [catalogue]
  ) { fixture, dispatcher in
    try subscribe(fixture)
    try dispatcher.deliver()
    try fixture.sandbox.move(subscription: "sub-1", "items", ["items": items(3)])
    try dispatcher.deliver()
  }

  static let unsubscribed = Scenario(
    name: "unsubscribed", flows: [flow],
    claims: [.customers, .comments, .plan(plan, isOpen: false), .licenses(0)], settings: settings,
    before: [
      catalogue,
      { fixture in
        var settings: [StepID: [String: String]] = [:]
        for (step, values) in Scenario.settings[flow] ?? [:] {
          if let step = StepID(step) { settings[step] = values }
        }
        _ = try fixture.registry.connect(
          flow: flow, name: flow, connections: [:], settings: settings)
        _ = try fixture.registry.flows.enable(flow, true)
      },
      subscribe,
    ]
  ) { fixture, dispatcher in
    try fixture.sandbox.move(subscription: "sub-1", "cancel")
    try dispatcher.deliver()
  }
}
