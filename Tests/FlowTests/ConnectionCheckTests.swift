import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import StepKit
import Store
import Testing
import Values

/// The findings of `connection test` with the sandbox.
@Suite(.serialized) struct ConnectionCheckTests {
  @Test func checkListsWhatAKeyMayRead() throws {
    try withFixture { fixture in
      let chargebee = try fixture.registry.examine("chargebee")
      #expect(
        chargebee.mayRead == [
          "customers", "invoices", "item prices", "events", "webhook endpoints",
        ])
      #expect(chargebee.mayNotRead.isEmpty && chargebee.unknown.isEmpty)
      let togai = try fixture.registry.examine("togai")
      #expect(
        togai.mayRead == [
          "customers", "accounts", "price plans", "invoices", "payments", "settings",
        ])
      #expect(togai.findings.isEmpty)
    }
  }

  @Test func checkListsWhatAKeyMayNotRead() throws {
    try withFixture { fixture in
      fixture.sandbox.inject(
        Fault(.fail(status: 403), app: "togai", method: "GET", path: "/invoices", times: 1))
      fixture.sandbox.inject(
        Fault(.fail(status: 500), app: "togai", method: "GET", path: "/payments", times: 1))
      let togai = try fixture.registry.examine("togai")
      #expect(togai.mayNotRead == ["invoices"])
      #expect(togai.unknown == ["payments: answered 500"])
    }
  }

  @Test(arguments: [
    ("plan", "invoices from Togai are billed with one-time charges"),
    ("addon", "invoices from Togai are billed with one-time charges"),
    ("charge", "invoices from Togai are billed on it"),
  ])
  func checkExplainsTheUseOfAnItemPrice(type: String, words: String) throws {
    try withFixture(itemType: type) { fixture in
      let finding = try #require(try fixture.registry.examine("chargebee").findings.first)
      #expect(finding.subject == "Item Price \(EndToEnd.itemPrice)")
      #expect(finding.isGood)
      #expect(
        finding.words.contains("price of a \(type) in USD, active: "), "\(finding.words)")
      #expect(finding.words.hasSuffix(words))
    }
  }

  @Test func checkReportsAMissingItemPrice() throws {
    try withFixture { fixture in
      _ = try fixture.registry.change(
        connection: "chargebee", settings: ["itemPrice": "no/such price"], secrets: [:])
      let finding = try #require(try fixture.registry.examine("chargebee").findings.first)
      #expect(!finding.isGood)
      #expect(finding.subject == "Item Price no/such price" && finding.words == "is not there")
    }
  }

  @Test func checkLooksUpTheItemPricesOfATable() throws {
    try withFixture { fixture in
      let step = try #require(StepID("togai/set-price-plans"))
      try fixture.sandbox.definePricePlan(["id": "pp.eur", "currencies": ["EUR"]])
      try fixture.sandbox.definePricePlan(["id": "pp.usd"])
      try fixture.sandbox.defineItemPrice([
        "id": "old-USD", "currency_code": "USD", "status": "archived",
      ])
      let table: JSON = [
        EndToEnd.itemPrice: "pp.eur", "typo-USD": "pp.usd", "old-USD": "pp.usd",
      ]
      let flow = try fixture.registry.connect(
        flow: "chargebee-togai-subscription-sync", name: "plans", connections: [:],
        settings: [step: ["pricePlans": table.text]])
      let check = try fixture.registry.examine(fieldsOf: flow)
      let bad = check.findings.filter { !$0.isGood }.map { "\($0.subject) \($0.words)" }
      #expect(
        Set(bad) == [
          "Item Price \(EndToEnd.itemPrice) is in USD, and Price plan pp.eur in EUR",
          "Item Price typo-USD is not there",
          "Item Price old-USD old-USD, the per_unit price of a plan in USD, archived: it must be active",
        ])
      #expect(check.unknown.isEmpty)
    }
  }

  private func withFixture(itemType: String = "plan", _ body: (EndToEnd) throws -> Void) throws {
    let fixture = try EndToEnd(itemType: itemType)
    defer { fixture.close() }
    try body(fixture)
  }
}
