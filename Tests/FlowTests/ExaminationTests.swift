import Dispatcher
import Foundation
import Operations
import Sandbox
import Stage
import StepKit
import Store
import Testing
import Values

/// What `connection test` finds out, against the strict servers.
@Suite(.serialized) struct ExaminationTests {
  @Test func saysWhatAKeyMayRead() throws {
    try onStage { stage in
      let chargebee = try stage.registry.examine("chargebee")
      #expect(
        chargebee.mayRead == [
          "customers", "invoices", "item prices", "events", "webhook endpoints",
        ])
      #expect(chargebee.mayNotRead.isEmpty && chargebee.unknown.isEmpty)
      let togai = try stage.registry.examine("togai")
      #expect(
        togai.mayRead == [
          "customers", "accounts", "price plans", "invoices", "payments", "settings",
        ])
      #expect(togai.findings.isEmpty)
    }
  }

  @Test func saysWhatAKeyMayNotRead() throws {
    try onStage { stage in
      stage.sandbox.inject(
        Fault(.fail(status: 403), app: "togai", method: "GET", path: "/invoices", times: 1))
      stage.sandbox.inject(
        Fault(.fail(status: 500), app: "togai", method: "GET", path: "/payments", times: 1))
      let togai = try stage.registry.examine("togai")
      #expect(togai.mayNotRead == ["invoices"])
      #expect(togai.unknown == ["payments: answered 500"])
    }
  }

  @Test(arguments: [
    ("plan", "invoices from Togai are billed with one-time charges"),
    ("addon", "invoices from Togai are billed with one-time charges"),
    ("charge", "invoices from Togai are billed on it"),
  ])
  func saysWhatAnItemPriceIsGoodFor(type: String, words: String) throws {
    try onStage(itemType: type) { stage in
      let finding = try #require(try stage.registry.examine("chargebee").findings.first)
      #expect(finding.subject == "Item Price \(Stage.itemPrice)")
      #expect(finding.isGood)
      #expect(
        finding.words.contains("price of a \(type) in USD, active: "), "\(finding.words)")
      #expect(finding.words.hasSuffix(words))
    }
  }

  @Test func saysThatAnItemPriceIsNotThere() throws {
    try onStage { stage in
      _ = try stage.registry.change(
        connection: "chargebee", settings: ["itemPrice": "no/such price"], secrets: [:])
      let finding = try #require(try stage.registry.examine("chargebee").findings.first)
      #expect(!finding.isGood)
      #expect(finding.subject == "Item Price no/such price" && finding.words == "is not there")
    }
  }

  private func onStage(itemType: String = "plan", _ body: (Stage) throws -> Void) throws {
    let stage = try Stage(itemType: itemType)
    defer { stage.close() }
    try body(stage)
  }
}
