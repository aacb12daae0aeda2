import Catalog
import Dispatcher
import EndToEndSupport
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Store
import Testing
import Values

/// Two accounts of one app, in which the same id may or may not be the same record.
@Suite(.serialized) struct AccountTests {
  /// Otherwise its payment would be granted to another customer.
  @Test(
    arguments: [
      ("chargebee-togai-customer-sync", [:]),
      (
        "associate-priceplan-on-chargebee-payment",
        ["togai/associate-price-plan": ["pricePlan": EndToEnd.plan]]
      ),
    ] as [(String, [String: [String: String]])])
  func customerOfAnotherSiteIsNotMistaken(
    flow: String, settings: [String: [String: String]]
  ) throws {
    let fixture = try EndToEnd(seed: 21)
    defer { fixture.close() }
    try fixture.serve { service, _ in
      try fixture.addCustomer("same")
      #expect(fixture.settle(service))
    }
    try fixture.connectSite("other")
    _ = try fixture.registry.connect(
      flow: flow, name: "second",
      connections: Dictionary(
        uniqueKeysWithValues: [
          "chargebee/customer-created", "chargebee/payment-succeeded", "chargebee/create-comment",
        ].compactMap { StepID($0) }.filter { step in
          (try? fixture.registry.flows.get(flow).parts.contains { $0.step == step }) == true
        }.map { ($0, "other") }),
      settings: Dictionary(
        uniqueKeysWithValues: settings.compactMap { key, value in
          StepID(key).map { ($0, value) }
        }))
    _ = try fixture.registry.flows.enable("second", true)
    if flow.hasPrefix("associate") { try fixture.pay("same") }
    let type = flow.hasPrefix("associate") ? "payment_succeeded" : "customer_created"
    let event = try #require(
      fixture.sandbox.state["chargebee"]["events"].array?.last { $0["event_type"].string == type })
    let runs = try Foreground(
      registry: fixture.registry, caller: fixture.functions, clock: fixture.clock
    ).dispatch(event, from: fixture.registry.connections.get("other"))
    let run = try #require(runs.first)
    #expect(run.status == .failed, "\(run.json.text)")
    #expect(run.reason?.contains("it is linked to chargebee:acme/same") == true, "\(run.json.text)")
    #expect(fixture.sandbox.state["togai"]["purchases"].array?.isEmpty ?? true)
    let rows = try Links(home: fixture.registry.home).rows(.customer)
    #expect(rows.map(\.ids) == [["chargebee:acme": "same", "togai:production": "same"]])
  }

  /// A test environment has customers of its own.
  @Test func customerMayBeInTwoEnvironments() throws {
    let fixture = try EndToEnd(seed: 22)
    defer { fixture.close() }
    _ = try fixture.registry.add(
      connection: "togai2", app: "togai",
      settings: ["baseUrl": fixture.sandbox.togaiURL, "environment": "sandbox"],
      secrets: ["token": Secret(Canary.togaiToken)])
    _ = try fixture.registry.connect(
      flow: "chargebee-togai-customer-sync", name: "second",
      connections: StepID("togai/create-customer").map { [$0: "togai2"] } ?? [:])
    _ = try fixture.registry.flows.enable("second", true)
    try fixture.serve { service, _ in
      try fixture.addCustomer("both")
      #expect(fixture.settle(service))
    }
    let runs = try RunStore(home: fixture.registry.home).runs()
    let good = runs.filter { $0.flowConnection != "togai-chargebee-invoice-sync" }
    #expect(good.map(\.status) == [.success, .success], "\(runs.map(\.json.text))")
    let rows = try Links(home: fixture.registry.home).rows(.customer)
    #expect(rows.map { $0.ids.count } == [3])
  }

  /// Unlike a flow, a person may link two customers of one app.
  @Test func personMayLinkCustomersOfTwoSites() throws {
    let fixture = try EndToEnd(seed: 23)
    defer { fixture.close() }
    let links = Links(home: fixture.registry.home)
    try links.link(.customer, ["chargebee:acme": "c", "togai:production": "c"])
    try links.link(.customer, ["chargebee:other": "c", "togai:production": "c"])
    #expect(try links.rows(.customer).map { $0.ids.count } == [3])
  }
}

extension EndToEnd {
  fileprivate func connectSite(_ site: String) throws {
    _ = try registry.add(
      connection: site, app: "chargebee",
      settings: ["site": site, "itemPrice": Self.itemPrice, "baseUrl": sandbox.chargebeeURL],
      secrets: ["apiKey": Secret(Canary.chargebeeKey)])
  }
}
