import Dispatcher
import EndToEndSupport
import Foundation
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// A negative invoice of Togai is money of the customer's, which Chargebee takes off the next invoices.
@Suite(.serialized) struct NegativeInvoiceTests {
  private static let flow = "togai-chargebee-negative-invoice-sync"

  private func connect(_ fixture: EndToEnd) throws {
    _ = try fixture.registry.connect(
      flow: Self.flow, name: Self.flow, connections: [:], settings: [:])
    _ = try fixture.registry.flows.enable(Self.flow, true)
  }

  private func credits(_ fixture: EndToEnd) -> [JSON] {
    fixture.sandbox.state["chargebee"]["promotional_credits"].array ?? []
  }

  private func runs(_ fixture: EndToEnd) throws -> [Run] {
    try RunStore(home: fixture.registry.home).runs().filter { $0.flowConnection == Self.flow }
  }

  @Test func creditIsAddedOnceAndTakenOffTheNextInvoice() throws {
    let fixture = try EndToEnd(seed: 91)
    defer { fixture.close() }
    try connect(fixture)
    try fixture.serve(copies: 3, shuffle: 5) { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try fixture.invoice("acme", cents: -5000)
      #expect(fixture.settle(service))
      try fixture.invoice("acme", cents: 12_345)
      #expect(fixture.settle(service))
    }
    #expect(credits(fixture).map { $0["amount"].int } == [5000])
    let negative = fixture.sandbox.state["togai"]["invoices"].array?.first
    #expect(credits(fixture).first?["reference"] == negative?["id"])
    #expect(fixture.billed["amount_due"] == 7345)
    #expect(try runs(fixture).allSatisfy { [.success, .stopped].contains($0.status) })
  }

  @Test func creditOfACustomerWhomChargebeeLacksNeedsAPerson() throws {
    let fixture = try EndToEnd(seed: 92)
    defer { fixture.close() }
    try connect(fixture)
    try fixture.serve { service, _ in
      try fixture.addTogaiAccount("own")
      try fixture.invoice("own", cents: -5000)
      #expect(fixture.settle(service))
    }
    let run = try #require(try runs(fixture).first)
    #expect(run.status == .notSynced)
    #expect(run.reason?.contains("the credit of 50 USD") == true, "\(run.reason ?? "")")
    #expect(run.reason?.contains("link set customer") == true)
    #expect(credits(fixture).isEmpty)
  }

  @Test func refundedInvoiceAndOneOfNothingAreNoCredits() throws {
    let fixture = try EndToEnd(seed: 93)
    defer { fixture.close() }
    try connect(fixture)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try fixture.invoice("acme", cents: 0)
      try fixture.invoice("acme", cents: 12_345)
      #expect(fixture.settle(service))
      let invoices = fixture.sandbox.state["togai"]["invoices"].array ?? []
      for invoice in invoices where invoice["totalAmount"] != 0 {
        let path = "/invoices/\(invoice["id"].string ?? "")"
        for status in ["PAID", "REFUND_INITIATED"] {
          try fixture.askTogai(path, ["status": .string(status)], method: "PATCH")
        }
      }
      #expect(fixture.settle(service))
    }
    #expect(credits(fixture).isEmpty)
    #expect(try runs(fixture).allSatisfy { $0.status == .stopped })
  }
}
