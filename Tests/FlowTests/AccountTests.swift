import Catalog
import Dispatcher
import Operations
import Records
import Sandbox
import Setup
import Stage
import StepKit
import Store
import Testing
import Values

/// Two accounts of one app, in which the same id may be two things or one.
@Suite(.serialized) struct AccountTests {
  /// Its payment would be granted to somebody else.
  @Test(
    arguments: [
      ("chargebee-togai-customer-sync", [:]),
      (
        "associate-priceplan-on-chargebee-payment",
        ["togai/associate-price-plan": ["pricePlan": Stage.plan]]
      ),
    ] as [(String, [String: [String: String]])])
  func takesNoCustomerOfAnotherSiteForTheSame(
    flow: String, settings: [String: [String: String]]
  ) throws {
    let stage = try Stage(seed: 21)
    defer { stage.close() }
    try stage.serve { service, _ in
      try stage.addCustomer("same")
      #expect(stage.settle(service))
    }
    try stage.connectSite("other")
    _ = try stage.registry.connect(
      flow: flow, name: "second",
      connections: Dictionary(
        uniqueKeysWithValues: [
          "chargebee/customer-created", "chargebee/payment-succeeded", "chargebee/create-comment",
        ].compactMap { StepID($0) }.filter { step in
          (try? stage.registry.flows.get(flow).parts.contains { $0.step == step }) == true
        }.map { ($0, "other") }),
      settings: Dictionary(
        uniqueKeysWithValues: settings.compactMap { key, value in
          StepID(key).map { ($0, value) }
        }))
    _ = try stage.registry.flows.enable("second", true)
    if flow.hasPrefix("associate") { try stage.pay("same") }
    let type = flow.hasPrefix("associate") ? "payment_succeeded" : "customer_created"
    let event = try #require(
      stage.sandbox.state["chargebee"]["events"].array?.last { $0["event_type"].string == type })
    let runs = try Foreground(
      registry: stage.registry, caller: stage.functions, clock: stage.clock
    ).dispatch(event, from: stage.registry.connections.get("other"))
    let run = try #require(runs.first)
    #expect(run.status == .failed, "\(run.json.text)")
    #expect(run.reason?.contains("it is linked to chargebee:acme/same") == true, "\(run.json.text)")
    #expect(stage.sandbox.state["togai"]["purchases"].array?.isEmpty ?? true)
    let rows = try Links(home: stage.registry.home).rows(.customer)
    #expect(rows.map(\.ids) == [["chargebee:acme": "same", "togai:production": "same"]])
  }

  /// A test environment beside the one that counts has customers of its own.
  @Test func letsACustomerBeInTwoEnvironments() throws {
    let stage = try Stage(seed: 22)
    defer { stage.close() }
    _ = try stage.registry.add(
      connection: "togai2", app: "togai",
      settings: ["baseUrl": stage.sandbox.togaiURL, "environment": "sandbox"],
      secrets: ["token": Secret(Canary.togaiToken)])
    _ = try stage.registry.connect(
      flow: "chargebee-togai-customer-sync", name: "second",
      connections: StepID("togai/create-customer").map { [$0: "togai2"] } ?? [:])
    _ = try stage.registry.flows.enable("second", true)
    try stage.serve { service, _ in
      try stage.addCustomer("both")
      #expect(stage.settle(service))
    }
    let runs = try RunStore(home: stage.registry.home).runs()
    let good = runs.filter { $0.flowConnection != "togai-chargebee-invoice-sync" }
    #expect(good.map(\.status) == [.success, .success], "\(runs.map(\.json.text))")
    let rows = try Links(home: stage.registry.home).rows(.customer)
    #expect(rows.map { $0.ids.count } == [3])
  }

  /// Where a flow's step does not look first, the mapping itself refuses.
  @Test func linksNothingOfTwoSitesUnlessAPersonDoes() throws {
    let stage = try Stage(seed: 23)
    defer { stage.close() }
    let links = Links(home: stage.registry.home)
    try links.link(.customer, ["chargebee:acme": "c", "togai:production": "c"])
    try links.link(.customer, ["chargebee:other": "c", "togai:production": "c"])
    #expect(try links.rows(.customer).map { $0.ids.count } == [3])
  }
}

extension Stage {
  fileprivate func connectSite(_ site: String) throws {
    _ = try registry.add(
      connection: site, app: "chargebee",
      settings: ["site": site, "itemPrice": Self.itemPrice, "baseUrl": sandbox.chargebeeURL],
      secrets: ["apiKey": Secret(Canary.chargebeeKey)])
  }
}
