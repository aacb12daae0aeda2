import Dispatcher
import EndToEndSupport
import FoundationEssentials
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// The flows of both directions at once: a write of one causes an event for the other.
///
/// Without the ids in the ID mapping, each test would create records twice or never end.
@Suite(.serialized) struct LoopTests {
  /// A Togai customer that came from Chargebee is announced as a new account.
  @Test func customerDoesNotReturnToChargebee() throws {
    let reasons = try withFixture { fixture in
      try fixture.addCustomer("there")
    }
    #expect(reasons.notes.contains { $0.contains("already Chargebee customer there") })
  }

  /// A Chargebee customer that came from Togai is announced as a new customer.
  @Test func customerDoesNotReturnToTogai() throws {
    let fixture = try EndToEnd(seed: 11)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays { try fixture.addTogaiAccount("back") }
    #expect(try Invariants.violations(in: fixture) == [])
    #expect(summary.notes.contains { $0.contains("made Chargebee customer back") }, "\(summary)")
    #expect(summary.notes.contains { $0.contains("Togai customer back") }, "\(summary)")
    let settings = fixture.sandbox.state["togai"]["settings"].array ?? []
    let shown = settings.filter { $0["id"] == "ChargebeeCustomerId" }
    #expect(Set(shown.compactMap { $0["entityType"].string }) == ["ACCOUNT", "CUSTOMER"])
  }

  /// Each account of a Togai customer is a Chargebee customer of its own.
  @Test func eachAccountGetsOneCustomer() throws {
    let fixture = try EndToEnd(seed: 12)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays {
      try fixture.addTogaiAccount("group")
    } then: {
      try fixture.addAccount("group-eu", of: "group")
    }
    let state = fixture.sandbox.state
    #expect(state["chargebee"]["customers"].array?.count == 2, "\(summary)")
    #expect(state["togai"]["customers"].array?.count == 1)
    #expect(state["togai"]["accounts"].array?.count == 2)
    #expect(summary.statuses.isSubset(of: [.success, .stopped]), "\(summary)")
    let rows = try Links(home: fixture.registry.home).rows(.account)
    #expect(
      Set(rows.compactMap { $0.ids["chargebee:acme"] }) == ["group", "group-eu"], "\(rows)")
  }

  /// A synced invoice that is paid in Chargebee is paid in Togai once, which causes an event again.
  @Test func paidInvoiceIsPaidInTogaiOnceAndNotBilledAgain() throws {
    let fixture = try EndToEnd(seed: 13)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays {
      try fixture.addCustomer("payer")
    } then: {
      try fixture.invoice("payer", cents: 7700)
    } then: {
      try fixture.payInvoices()
    }
    #expect(try Invariants.violations(in: fixture, payments: 0) == [])
    let togai = fixture.sandbox.state["togai"]
    #expect(togai["payments"].array?.count == 1)
    #expect(togai["invoices"].array?.map { $0["status"] } == ["PAID"])
    #expect(summary.reasons.contains { $0.contains("is PAID") }, "\(summary)")
  }

  /// An invoice that credits cover is generated as paid, without a payment event.
  @Test func invoicePaidByCreditsIsPaidInTogai() throws {
    let fixture = try EndToEnd(seed: 16)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays(copies: 2) {
      try fixture.addCustomer("rich")
      _ = try fixture.sandbox.giveCredits(["customer": "rich", "amount": 10_000])
    } then: {
      try fixture.invoice("rich", cents: 7700)
    } then: {
      try fixture.invoice("rich", cents: 5000)
    }
    let state = fixture.sandbox.state
    #expect(
      state["chargebee"]["invoices"].array?.map { $0["status"] } == ["paid", "payment_due"],
      "\(summary)")
    let payments = state["togai"]["payments"].array ?? []
    #expect(payments.map { $0["totalAmount"].decimal } == [77, 23], "\(summary)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID", "PARTIALLY_PAID"])
  }

  /// A payment in Togai before the sync is recorded in Chargebee, which causes a payment event.
  @Test func paymentOfTogaiIsNotPaidThereAgain() throws {
    let fixture = try EndToEnd(seed: 14)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays {
      try fixture.addCustomer("wallet")
    } then: {
      fixture.sandbox.hold("togai")
      try fixture.invoice("wallet", cents: 10_000)
      try fixture.payInTogai(30)
      fixture.sandbox.release("togai")
    } then: {
      try fixture.payInvoices()
    }
    let state = fixture.sandbox.state
    let paid = state["togai"]["payments"].array?.compactMap { $0["totalAmount"].decimal } ?? []
    #expect(paid.sorted() == [30, 70], "\(paid)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID"])
    #expect(state["chargebee"]["transactions"].array?.count == 2)
    #expect(summary.reasons.contains { $0.contains("the payment was made in Togai") }, "\(summary)")
  }

  /// A payment in Togai after the sync is recorded in Chargebee, which causes a payment event.
  @Test func paymentOfTogaiIsRecordedInChargebeeOnce() throws {
    let fixture = try EndToEnd(seed: 15)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays(copies: 2) {
      try fixture.addCustomer("direct")
    } then: {
      try fixture.invoice("direct", cents: 10_000)
    } then: {
      try fixture.payInTogai(100)
    }
    #expect(try Invariants.violations(in: fixture, payments: 0) == [])
    let state = fixture.sandbox.state
    #expect(state["togai"]["payments"].array?.count == 1)
    #expect(state["chargebee"]["transactions"].array?.count == 1, "\(summary)")
    #expect(state["chargebee"]["invoices"].array?.map { $0["status"] } == ["paid"])
    #expect(summary.reasons.contains { $0.contains("the payment was made in Togai") }, "\(summary)")
  }

  /// Changes of a customer arrive in any order, even before its creation.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func newestChangeStaysInAnyOrder(seed: UInt64) throws {
    let fixture = try EndToEnd(seed: seed)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays(copies: 2, shuffle: seed) {
      fixture.sandbox.hold("chargebee")
      try fixture.addCustomer("moving")
      for name in ["First", "Second", "Third", "Last"] {
        try fixture.rename("moving", to: "\(name) Ltd")
      }
      fixture.sandbox.release("chargebee")
    }
    #expect(try Invariants.violations(in: fixture) == [])
    let togai = fixture.sandbox.state["togai"]
    for things in [togai["customers"], togai["accounts"]] {
      #expect(things.array?.map { $0["name"] } == ["Last Ltd"], "\(summary)")
    }
  }

  /// Runs the body with all flows enabled, and checks the invariants.
  private func withFixture(_ actions: (EndToEnd) throws -> Void) throws -> RunSummary {
    let fixture = try EndToEnd(seed: 10)
    defer { fixture.close() }
    let summary = try fixture.syncBothWays { try actions(fixture) }
    #expect(try Invariants.violations(in: fixture) == [])
    return summary
  }
}

/// The statuses, reasons and notes of all runs.
struct RunSummary: CustomStringConvertible {
  let runs: [Run]
  var statuses: Set<Run.Status> { Set(runs.map(\.status)) }
  var reasons: [String] { runs.compactMap(\.reason) }
  var notes: [String] { runs.flatMap(\.log).compactMap(\.note) }
  var description: String { (reasons + notes).joined(separator: "\n") }
}

extension EndToEnd {
  /// Performs actions with the flows of both directions; all runs end before the next action.
  func syncBothWays(
    copies: Int = 1, shuffle: UInt64? = nil, _ first: () throws -> Void,
    then second: () throws -> Void = {}, then third: () throws -> Void = {},
    then fourth: () throws -> Void = {}
  ) throws -> RunSummary {
    try connectReturnFlows()
    try serve(copies: copies, shuffle: shuffle) { service, _ in
      try first()
      #expect(settle(service))
      try second()
      #expect(settle(service))
      try third()
      #expect(settle(service))
      try fourth()
      #expect(settle(service))
    }
    return RunSummary(runs: try RunStore(home: registry.home).runs())
  }

  /// Adds an account to a customer in Togai, through its API.
  fileprivate func addAccount(_ id: String, of customer: String) throws {
    try askTogai(
      "/accounts", ["id": .string(id), "name": .string(id), "customerId": .string(customer)])
  }
}
