import Dispatcher
import Foundation
import Records
import Sandbox
import Setup
import Stage
import StepKit
import Testing
import Values

/// The three flows over real HTTP, with all that webhooks and APIs do in real life.
@Suite(.serialized) struct FlowTests {
  @Test(arguments: [1, 2] as [UInt64])
  func makesEachThingOnceHoweverWebhooksCome(seed: UInt64) throws {
    #expect(try Stage.shuffled(seed: seed, customers: 4) == [])
  }

  @Test(arguments: [
    (Fault.Kind.limit(retryAfter: 1), 4), (.fail(status: 500), 4), (.page, 4), (.drop, 4),
    (.doAndDrop, 4), (.doAndFail(status: 504), 4), (.garbage, 4),
    (.slow(seconds: 0.3), 4),
  ])
  func makesEachThingOnceHoweverTheAPIsBehave(kind: Fault.Kind, times: Int) throws {
    try onStage(seed: 7, copies: 2, shuffle: 7) { stage in
      for app in ["chargebee", "togai"] {
        stage.sandbox.inject(Fault(kind, app: app, times: times))
      }
      try stage.play(customers: 2)
    }
  }

  @Test func makesEachThingOnceWhereConnectionsAreResetAndRefused() throws {
    let stage = try Stage(seed: 9, behindDoor: true)
    defer { stage.close() }
    stage.beginToSlam()
    try stage.serve { service, _ in
      try stage.play(customers: 2)
      #expect(stage.settle(service))
    }
    #expect(try Verdict.wrongs(on: stage) == [])
    let notes = try RunStore(home: stage.registry.home).runs().flatMap(\.log).compactMap(\.note)
    #expect(notes.contains { $0.contains("no connection can be made") }, "\(notes)")
  }

  @Test func bringsAPaymentBeforeItsCustomer() throws {
    try onStage(seed: 3) { stage in
      stage.sandbox.hold("chargebee")
      try stage.addCustomer("late")
      try stage.pay("late")
      stage.sandbox.release("chargebee")
    }
  }

  /// The loop table, broken by ids.
  ///
  /// A purchase's order comes back as a Togai invoice, a synced invoice as a Chargebee payment.
  @Test func turnsInNoCircle() throws {
    let stage = try Stage(seed: 5)
    defer { stage.close() }
    try stage.serve { service, _ in
      try stage.addCustomer("loop")
      try stage.pay("loop")
      #expect(stage.settle(service))
      try stage.invoice("loop", cents: 7700)
      #expect(stage.settle(service))
      try stage.payInvoices()
      #expect(stage.settle(service))
    }
    #expect(try Verdict.wrongs(on: stage, payments: 1) == [])
    let reasons = try RunStore(home: stage.registry.home).runs().compactMap(\.reason)
    #expect(reasons.contains { $0.contains("is ORDER") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("is Togai's own") }, "\(reasons)")
  }

  /// The same where the invoice is billed on the very item price for which plans are granted.
  @Test func grantsNothingForAnInvoiceThatCameFromTogai() throws {
    let stage = try Stage(seed: 6, itemType: "charge")
    defer { stage.close() }
    try stage.serve { service, _ in
      try stage.addCustomer("loop")
      #expect(stage.settle(service))
      try stage.invoice("loop", cents: 7700)
      #expect(stage.settle(service))
      try stage.payInvoices()
      #expect(stage.settle(service))
    }
    #expect(try Verdict.wrongs(on: stage, payments: 0) == [])
    let reasons = try RunStore(home: stage.registry.home).runs().compactMap(\.reason)
    #expect(reasons.contains { $0.contains("is Togai's own") }, "\(reasons)")
  }

  @Test func syncsNoInvoiceOfACustomerWhomChargebeeDoesNotHave() throws {
    let stage = try Stage()
    defer { stage.close() }
    try stage.serve { service, _ in
      try stage.addTogaiAccount("only-in-togai")
      try stage.invoice("only-in-togai", cents: 500)
      #expect(stage.settle(service))
    }
    let runs = try RunStore(home: stage.registry.home).runs()
    #expect(!runs.isEmpty)
    #expect(runs.contains { $0.reason?.contains("no Chargebee customer") == true })
    #expect(runs.allSatisfy { $0.status == .stopped || $0.status == .notSynced })
    #expect(stage.sandbox.state["chargebee"]["invoices"].array == [])
  }

  /// Plays something while a dispatcher serves, and judges when all has come to rest.
  private func onStage(
    seed: UInt64, copies: Int = 1, shuffle: UInt64? = nil, _ play: (Stage) throws -> Void
  ) throws {
    let stage = try Stage(seed: seed)
    defer { stage.close() }
    try stage.serve(copies: copies, shuffle: shuffle) { service, _ in
      try play(stage)
      #expect(stage.settle(service))
    }
    #expect(try Verdict.wrongs(on: stage) == [])
    #expect(!stage.sandbox.requests.isEmpty)
  }
}
