import Dispatcher
import EndToEndSupport
import Foundation
import Operations
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

  private func withFixture(itemType: String = "plan", _ body: (EndToEnd) throws -> Void) throws {
    let fixture = try EndToEnd(itemType: itemType)
    defer { fixture.close() }
    try body(fixture)
  }
}
