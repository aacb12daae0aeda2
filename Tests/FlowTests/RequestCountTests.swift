import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// The requests of the good case of each flow of endings, as README states them.
@Suite(.serialized) struct RequestCountTests {
  /// A flow, what a person does, and what README says that it takes.
  struct Case: Sendable, CustomTestStringConvertible {
    let flow: String
    var step: String?
    let row: String
    let chargebee: Int
    let togai: Int
    var isPaid = false
    /// Whether the deed is no request of a person.
    var isControlled = false
    let act: @Sendable (EndToEnd) throws -> Void
    var testDescription: String { row }
  }

  private static let settlements = "chargebee-togai-settlement-sync"

  private static func ask(_ fixture: EndToEnd, _ operation: String) throws {
    try fixture.askChargebee("/invoices/\(fixture.billed["id"].string ?? "")/\(operation)")
  }

  static let all = [
    Case(
      flow: settlements, row: "a payment is recorded in Togai", chargebee: 2, togai: 3
    ) { try $0.payInvoices() },
    Case(
      flow: settlements, row: "a tax withheld is recorded in Togai", chargebee: 1, togai: 3
    ) {
      let path = "/invoices/\($0.billed["id"].string ?? "")/record_tax_withheld"
      try $0.askChargebee(path, ["tax_withheld[amount]": "2345"])
    },
    Case(
      flow: settlements, step: "togai/record-payment",
      row: "a write-off makes an invoice uncollectible in Togai", chargebee: 1, togai: 3
    ) { try ask($0, "write_off") },
    Case(
      flow: "togai-chargebee-void-sync", step: "chargebee/close-invoice",
      row: "a void or write-off in Togai is made in Chargebee", chargebee: 2, togai: 1
    ) { try $0.setStatus("VOID") },
    Case(
      flow: "chargebee-togai-void-sync", step: "togai/close-invoice",
      row: "a void or write-off in Chargebee is made in Togai", chargebee: 1, togai: 2
    ) { try ask($0, "void") },
    Case(
      flow: "togai-chargebee-payment-sync",
      row: "an invoice paid otherwise in Togai is recorded in Chargebee", chargebee: 3, togai: 2
    ) { try $0.setStatus("PAID") },
    Case(
      flow: "togai-chargebee-negative-invoice-sync",
      row: "a negative invoice of Togai becomes a promotional credit", chargebee: 3, togai: 1,
      isControlled: true
    ) { try $0.invoice("acme", cents: -5000) },
    Case(
      flow: "chargebee-togai-refund-sync", step: "togai/close-invoice",
      row: "a full refund is made known in Togai", chargebee: 3, togai: 2,
      isPaid: true
    ) {
      let path = "/invoices/\($0.billed["id"].string ?? "")/record_refund"
      try $0.askChargebee(path, ["transaction[payment_method]": "cash"])
    },
    Case(
      flow: "chargebee-togai-refund-sync", step: "togai/close-invoice",
      row: "credits that were granted for a refunded payment are voided in Togai", chargebee: 3,
      togai: 3
    ) { try $0.askChargebee("/invoices/\($0.bought["id"].string ?? "")/refund") },
  ]

  private static let subscriptions = "chargebee-togai-subscription-sync"
  private static let plan = "pp.subscribed"

  private static func subscribe(_ fixture: EndToEnd) throws {
    try fixture.sandbox.payForPlan([
      "customer": "acme", "subscription": "sub-1", "unpaid": true,
      "items": [["item_price": .string(EndToEnd.itemPrice), "quantity": 1]],
    ])
  }

  /// What a person does with a subscription, and what README says that it takes.
  @Test(arguments: [
    (deeds: 1, row: "a subscription gives the account its price plan", togai: 6),
    (deeds: 2, row: "a subscription is renewed", togai: 3),
    (deeds: 3, row: "a subscription that ended ends its price plan", togai: 4),
  ])
  func subscriptionTakesAsManyRequestsAsReadmeSays(deeds: Int, row: String, togai: Int) throws {
    let fixture = try EndToEnd(seed: 72)
    defer { fixture.close() }
    try fixture.sandbox.definePricePlan(["id": .string(Self.plan), "type": "BILLING"])
    let step = try #require(StepID("togai/set-price-plans"))
    _ = try fixture.registry.connect(
      flow: Self.subscriptions, name: "counted", connections: [:],
      settings: [
        step: ["pricePlans": "{\"\(EndToEnd.itemPrice)\":\"\(Self.plan)\"}", "hold": "none"]
      ])
    _ = try fixture.registry.flows.enable("counted", true)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      var from = 0
      for deed in 1...deeds {
        from = fixture.sandbox.requests.count
        if deed < 3 {
          try Self.subscribe(fixture)
        } else {
          try fixture.sandbox.move(subscription: "sub-1", "cancel")
        }
        #expect(fixture.settle(service))
      }
      let requests = fixture.sandbox.requests.dropFirst(from)
      func count(_ app: String) -> Int { requests.count { $0["app"].string == app } }
      let targets = requests.map { "\($0["method"].string ?? "") \($0["target"].string ?? "")" }
      #expect(count("chargebee") == 2, "\(targets)")
      #expect(count("togai") == togai, "\(targets)")
    }
    let readme = try String(contentsOfFile: EndToEnd.repository + "/README.md", encoding: .utf8)
    #expect(readme.contains("| \(row) | 2 | \(togai) |"))
  }

  @Test(arguments: all) func goodCaseTakesAsManyRequestsAsReadmeSays(of one: Case) throws {
    let fixture = try EndToEnd(seed: 71)
    defer { fixture.close() }
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try fixture.invoice("acme", cents: 12_345)
      try fixture.pay("acme")
      #expect(fixture.settle(service))
      if one.isPaid {
        try fixture.payInvoices()
        try fixture.setStatus("PAID")
      }
      #expect(fixture.settle(service))
      for flow in try fixture.registry.flows.connections() {
        _ = try fixture.registry.flows.enable(flow.name, false)
      }
      let settings = one.step.flatMap { StepID($0) }.map { [$0: ["hold": "none"]] } ?? [:]
      _ = try fixture.registry.connect(
        flow: one.flow, name: "counted", connections: [:], settings: settings)
      _ = try fixture.registry.flows.enable("counted", true)
      let from = fixture.sandbox.requests.count
      try one.act(fixture)
      #expect(fixture.settle(service))
      // The person's own request is the first
      let requests = fixture.sandbox.requests.dropFirst(from + (one.isControlled ? 0 : 1))
      func count(_ app: String) -> Int { requests.count { $0["app"].string == app } }
      let targets = requests.map { "\($0["method"].string ?? "") \($0["target"].string ?? "")" }
      #expect(count("chargebee") == one.chargebee, "\(targets)")
      #expect(count("togai") == one.togai, "\(targets)")
    }
    let runs = try RunStore(home: fixture.registry.home).runs()
    #expect(runs.contains { $0.flowConnection == "counted" && $0.status == .success }, "\(runs)")
    let readme = try String(contentsOfFile: EndToEnd.repository + "/README.md", encoding: .utf8)
    #expect(readme.contains("| \(one.row) | \(one.chargebee) | \(one.togai) |"))
  }
}
