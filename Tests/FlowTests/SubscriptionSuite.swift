import Catalog
import EndToEndSupport
import Foundation
import Policies
import Records
import Sandbox
import Service
import Setup
import StepKit
import TestSupport
import Testing
import Values

/// A suite of tests with a home that has the subscription sync, whose table has two item prices.
protocol SubscriptionSuite {}

extension SubscriptionSuite {
  static var other: String { "scale-USD-Monthly" }
  static var done: Set<Run.Status> { [.success, .stopped] }

  /// A home with the flow, whose table has two item prices, and a customer `acme`.
  func fixture(
    hold: String = "none", _ settings: [String: String] = [:]
  ) throws -> EndToEnd {
    let fixture = try EndToEnd(seed: 81)
    for (plan, price) in [("pp.growth", EndToEnd.itemPrice), ("pp.scale", Self.other)] {
      try fixture.sandbox.definePricePlan(["id": .string(plan), "type": "BILLING"])
      try fixture.sandbox.defineItemPrice([
        "id": .string(price), "price": 49_000, "currency_code": "USD",
      ])
    }
    try fixture.sandbox.defineLicense("lic.seats")
    _ = try fixture.registry.update(
      connection: "chargebee", settings: [:], secrets: [:], removing: ["itemPrice"],
      trustsBaseURL: true, granting: { given, _ in given })
    let flow = "chargebee-togai-subscription-sync"
    let step = try #require(StepID("togai/set-price-plans"))
    let table: JSON = [
      EndToEnd.itemPrice: "pp.growth", Self.other: "pp.scale",
    ]
    _ = try fixture.registry.connect(
      flow: flow, name: flow, connections: [:],
      settings: [
        step: settings.merging(["pricePlans": table.text, "hold": hold]) { own, _ in own }
      ])
    _ = try fixture.registry.flows.enable(flow, true)
    return fixture
  }

  func items(_ price: String = EndToEnd.itemPrice, _ quantity: Int = 1) -> JSON {
    [["item_price": .string(price), "quantity": .number(Numeral(quantity))]]
  }

  /// The price plans of the account with their ends, by their starts.
  func plans(_ fixture: EndToEnd) -> [String] {
    let schedules = fixture.sandbox.state["togai"]["schedules"]["acme"].array ?? []
    return schedules.map { schedule in
      let end = schedule["endDate"].string?.prefix(10) ?? "?"
      return "\(schedule["pricePlanId"].string ?? "?") \(end)"
    }
  }

  func runs(_ fixture: EndToEnd) throws -> RunSummary {
    RunSummary(runs: try RunStore(home: fixture.registry.home).runs())
  }

  func day(_ fixture: EndToEnd, after days: Int = 0) -> String {
    fixture.sandbox.now.adding(seconds: 86_400 * days).date()
  }

  /// Performs deeds one after another; all runs end before the next one.
  func play(_ fixture: EndToEnd, _ deeds: [(EndToEnd) throws -> Void]) throws {
    try fixture.serve(copies: 2, shuffle: 7) { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      for deed in deeds {
        try deed(fixture)
        #expect(fixture.settle(service))
      }
    }
  }

  /// Begins a subscription that is billed and not paid.
  func subscribe(
    _ fixture: EndToEnd, _ id: String, to price: String = EndToEnd.itemPrice, _ quantity: Int = 1
  ) throws {
    try fixture.sandbox.payForPlan([
      "customer": "acme", "items": items(price, quantity), "subscription": .string(id),
      "unpaid": true,
    ])
  }
}
