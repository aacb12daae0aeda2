import Dispatcher
import EndToEndSupport
import Foundation
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// The three original flows over HTTP, with duplicate and shuffled webhooks and failing APIs.
@Suite(.serialized) struct OriginalFlowTests {
  @Test(arguments: [1, 2] as [UInt64])
  func recordsAreMadeOnceForShuffledWebhooks(seed: UInt64) throws {
    #expect(try EndToEnd.shuffled(seed: seed, customers: 4) == [])
  }

  @Test(arguments: [
    (Fault.Kind.limit(retryAfter: 1), 4), (.fail(status: 500), 4), (.page, 4), (.drop, 4),
    (.doAndDrop, 4), (.doAndFail(status: 504), 4), (.garbage, 4),
    (.slow(seconds: 0.3), 4),
  ])
  func recordsAreMadeOnceDespiteAPIFaults(kind: Fault.Kind, times: Int) throws {
    try withFixture(seed: 7, copies: 2, shuffle: 7) { fixture in
      for app in ["chargebee", "togai"] {
        fixture.sandbox.inject(Fault(kind, app: app, times: times))
      }
      try fixture.syncCustomers(2)
    }
  }

  @Test func recordsAreMadeOnceDespiteResetConnections() throws {
    let fixture = try EndToEnd(seed: 9, withFlakyProxy: true)
    defer { fixture.close() }
    fixture.startProxyFailures()
    try fixture.serve { service, _ in
      try fixture.syncCustomers(2)
      #expect(fixture.settle(service))
    }
    #expect(try Invariants.violations(in: fixture) == [])
    let notes = try RunStore(home: fixture.registry.home).runs().flatMap(\.log).compactMap(\.note)
    #expect(notes.contains { $0.contains("no connection can be made") }, "\(notes)")
  }

  @Test func paymentMayArriveBeforeItsCustomer() throws {
    try withFixture(seed: 3) { fixture in
      fixture.sandbox.hold("chargebee")
      try fixture.addCustomer("late")
      try fixture.pay("late")
      fixture.sandbox.release("chargebee")
    }
  }

  /// Synced records cause events that start further runs, which must stop.
  ///
  /// A purchase causes an event about its order, a synced invoice one about its payment.
  @Test func syncedRecordsDoNotReturn() throws {
    let fixture = try EndToEnd(seed: 5)
    defer { fixture.close() }
    try fixture.serve { service, _ in
      try fixture.addCustomer("loop")
      try fixture.pay("loop")
      #expect(fixture.settle(service))
      try fixture.invoice("loop", cents: 7700)
      #expect(fixture.settle(service))
      try fixture.payInvoices()
      #expect(fixture.settle(service))
    }
    #expect(try Invariants.violations(in: fixture, payments: 1) == [])
    let reasons = try RunStore(home: fixture.registry.home).runs().compactMap(\.reason)
    #expect(reasons.contains { $0.contains("is ORDER") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("is Togai's own") }, "\(reasons)")
  }

  /// The invoice is billed with the item price for which plans are granted.
  @Test func paymentOfATogaiInvoiceGrantsNothing() throws {
    let fixture = try EndToEnd(seed: 6, itemType: "charge")
    defer { fixture.close() }
    try fixture.serve { service, _ in
      try fixture.addCustomer("loop")
      #expect(fixture.settle(service))
      try fixture.invoice("loop", cents: 7700)
      #expect(fixture.settle(service))
      try fixture.payInvoices()
      #expect(fixture.settle(service))
    }
    #expect(try Invariants.violations(in: fixture, payments: 0) == [])
    let reasons = try RunStore(home: fixture.registry.home).runs().compactMap(\.reason)
    #expect(reasons.contains { $0.contains("is Togai's own") }, "\(reasons)")
  }

  @Test func invoiceOfAnUnknownCustomerIsNotSynced() throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.serve { service, _ in
      try fixture.addTogaiAccount("only-in-togai")
      try fixture.invoice("only-in-togai", cents: 500)
      #expect(fixture.settle(service))
    }
    let runs = try RunStore(home: fixture.registry.home).runs()
    #expect(!runs.isEmpty)
    #expect(runs.contains { $0.reason?.contains("no Chargebee customer") == true })
    #expect(runs.allSatisfy { $0.status == .stopped || $0.status == .notSynced })
    #expect(fixture.sandbox.state["chargebee"]["invoices"].array == [])
  }

  /// Performs actions while a service runs, and checks the invariants once every run has ended.
  private func withFixture(
    seed: UInt64, copies: Int = 1, shuffle: UInt64? = nil, _ actions: (EndToEnd) throws -> Void
  ) throws {
    let fixture = try EndToEnd(seed: seed)
    defer { fixture.close() }
    try fixture.serve(copies: copies, shuffle: shuffle) { service, _ in
      try actions(fixture)
      #expect(fixture.settle(service))
    }
    #expect(try Invariants.violations(in: fixture) == [])
    #expect(!fixture.sandbox.requests.isEmpty)
  }
}
