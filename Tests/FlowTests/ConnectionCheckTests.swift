import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Setup
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

  @Test func testTakesTheTimeZoneOfTheNewestInvoice() throws {
    try withFixture { fixture in
      let zone = "America/Los_Angeles"
      // A site without invoices tells none
      #expect(try ConnectionTest(of: "chargebee", fixture.registry).wrong == [])
      #expect(try fixture.registry.connections.get("chargebee").settings["timeZone"] == .null)
      try fixture.sandbox.configureChargebee(["timeZone": .string(zone)])
      try fixture.addCustomer("acme")
      try fixture.pay("acme")
      #expect(doctorWarns(fixture))
      let findings = try ConnectionTest(of: "chargebee", fixture.registry).examination.findings
      #expect(findings.contains { $0.subject == "Time zone \(zone)" && $0.isGood })
      #expect(try fixture.registry.connections.get("chargebee").settings["timeZone"].string == zone)
    }
  }

  @Test(arguments: [("US/Pacific", true), ("America/New_York", false)])
  func timeZoneThatAPersonSetStays(own: String, isSame: Bool) throws {
    try withFixture { fixture in
      try fixture.sandbox.configureChargebee(["timeZone": "America/Los_Angeles"])
      try fixture.addCustomer("acme")
      try fixture.pay("acme")
      _ = try fixture.registry.change(
        connection: "chargebee", settings: ["timeZone": own], secrets: [:])
      let wrong = try ConnectionTest(of: "chargebee", fixture.registry).wrong
      let said =
        "Time zone America/Los_Angeles is that of the newest invoice, and the connection's is \(own): set"
        + " the right one by `meterbridge connection set chargebee --set timeZone=America/Los_Angeles`"
      #expect(wrong == (isSame ? [] : [said]))
      #expect(doctorWarns(fixture) == !isSame)
      #expect(try fixture.registry.connections.get("chargebee").settings["timeZone"].string == own)
    }
  }

  /// Whether `doctor` says that the app has another time zone than the connection.
  private func doctorWarns(_ fixture: EndToEnd) -> Bool {
    let registry = fixture.registry
    let doctor = Doctor(
      home: registry.home.path, keyFile: nil, catalog: registry.catalog, caller: fixture.functions,
      clock: fixture.clock)
    var findings: [Operations.Finding] = []
    doctor.examine { findings.append($0) }
    return findings.contains {
      $0.grade == .warning && $0.words.contains("the newest invoice has America/Los_Angeles")
    }
  }

  private func withFixture(itemType: String = "plan", _ body: (EndToEnd) throws -> Void) throws {
    let fixture = try EndToEnd(itemType: itemType)
    defer { fixture.close() }
    try body(fixture)
  }
}
