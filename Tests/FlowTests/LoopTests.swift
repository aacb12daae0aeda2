import Dispatcher
import FoundationEssentials
import Records
import Sandbox
import Setup
import Stage
import StepKit
import Testing
import Values

/// The flows of both directions at once: what one writes comes back as an event that the other hears.
///
/// Each test would make things twice, or go round for ever, if ids did not break the circle.
@Suite(.serialized) struct LoopTests {
  /// A Togai customer that came from Chargebee is announced as a new account.
  @Test func bringsNoCustomerBackToChargebee() throws {
    let reasons = try onStage { stage in
      try stage.addCustomer("there")
    }
    #expect(reasons.notes.contains { $0.contains("already Chargebee customer there") })
  }

  /// A Chargebee customer that came from Togai is announced as a new customer.
  @Test func bringsNoCustomerBackToTogai() throws {
    let stage = try Stage(seed: 11)
    defer { stage.close() }
    let said = try stage.playBothWays { try stage.addTogaiAccount("back") }
    #expect(try Verdict.wrongs(on: stage) == [])
    #expect(said.notes.contains { $0.contains("made Chargebee customer back") }, "\(said)")
    #expect(said.notes.contains { $0.contains("Togai customer back") }, "\(said)")
    let settings = stage.sandbox.state["togai"]["settings"].array ?? []
    let shown = settings.filter { $0["id"] == "ChargebeeCustomerId" }
    #expect(Set(shown.compactMap { $0["entityType"].string }) == ["ACCOUNT", "CUSTOMER"])
  }

  /// Of a Togai customer with two accounts each is a Chargebee customer of its own.
  @Test func makesACustomerForEachAccountAndNoMore() throws {
    let stage = try Stage(seed: 12)
    defer { stage.close() }
    let said = try stage.playBothWays {
      try stage.addTogaiAccount("group")
    } then: {
      try stage.addAccount("group-eu", of: "group")
    }
    let state = stage.sandbox.state
    #expect(state["chargebee"]["customers"].array?.count == 2, "\(said)")
    #expect(state["togai"]["customers"].array?.count == 1)
    #expect(state["togai"]["accounts"].array?.count == 2)
    #expect(said.statuses.isSubset(of: [.success, .stopped]), "\(said)")
    let rows = try Links(home: stage.registry.home).rows(.account)
    #expect(
      Set(rows.compactMap { $0.ids["chargebee:acme"] }) == ["group", "group-eu"], "\(rows)")
  }

  /// A synced invoice that is paid in Chargebee is paid in Togai, once, which announces it again.
  @Test func paysTheInvoiceInTogaiOnceAndBillsItNoMore() throws {
    let stage = try Stage(seed: 13)
    defer { stage.close() }
    let said = try stage.playBothWays {
      try stage.addCustomer("payer")
    } then: {
      try stage.invoice("payer", cents: 7700)
    } then: {
      try stage.payInvoices()
    }
    #expect(try Verdict.wrongs(on: stage, payments: 0) == [])
    let togai = stage.sandbox.state["togai"]
    #expect(togai["payments"].array?.count == 1)
    #expect(togai["invoices"].array?.map { $0["status"] } == ["PAID"])
    #expect(said.reasons.contains { $0.contains("is PAID") }, "\(said)")
  }

  /// An invoice that credits cover from the start is generated as paid; no payment tells of it.
  @Test func paysInTogaiWhatCreditsPaidInChargebee() throws {
    let stage = try Stage(seed: 16)
    defer { stage.close() }
    let said = try stage.playBothWays(copies: 2) {
      try stage.addCustomer("rich")
      _ = try stage.sandbox.giveCredits(["customer": "rich", "amount": 10_000])
    } then: {
      try stage.invoice("rich", cents: 7700)
    } then: {
      try stage.invoice("rich", cents: 5000)
    }
    let state = stage.sandbox.state
    #expect(
      state["chargebee"]["invoices"].array?.map { $0["status"] } == ["paid", "payment_due"],
      "\(said)")
    let payments = state["togai"]["payments"].array ?? []
    #expect(payments.map { $0["totalAmount"].decimal } == [77, 23], "\(said)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID", "PARTIALLY_PAID"])
  }

  /// What was paid in Togai before is written down in Chargebee, which announces a payment.
  @Test func paysNothingInTogaiThatWasPaidThere() throws {
    let stage = try Stage(seed: 14)
    defer { stage.close() }
    let said = try stage.playBothWays {
      try stage.addCustomer("wallet")
    } then: {
      stage.sandbox.hold("togai")
      try stage.invoice("wallet", cents: 10_000)
      try stage.payInTogai(30)
      stage.sandbox.release("togai")
    } then: {
      try stage.payInvoices()
    }
    let state = stage.sandbox.state
    let paid = state["togai"]["payments"].array?.compactMap { $0["totalAmount"].decimal } ?? []
    #expect(paid.sorted() == [30, 70], "\(paid)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID"])
    #expect(state["chargebee"]["transactions"].array?.count == 2)
    #expect(said.reasons.contains { $0.contains("the payment was made in Togai") }, "\(said)")
  }

  /// What is paid in Togai after the sync is written down in Chargebee, and comes back as a payment.
  @Test func recordsAPaymentOfTogaisInChargebeeOnce() throws {
    let stage = try Stage(seed: 15)
    defer { stage.close() }
    let said = try stage.playBothWays(copies: 2) {
      try stage.addCustomer("direct")
    } then: {
      try stage.invoice("direct", cents: 10_000)
    } then: {
      try stage.payInTogai(100)
    }
    #expect(try Verdict.wrongs(on: stage, payments: 0) == [])
    let state = stage.sandbox.state
    #expect(state["togai"]["payments"].array?.count == 1)
    #expect(state["chargebee"]["transactions"].array?.count == 1, "\(said)")
    #expect(state["chargebee"]["invoices"].array?.map { $0["status"] } == ["paid"])
    #expect(said.reasons.contains { $0.contains("the payment was made in Togai") }, "\(said)")
  }

  /// Changes of a customer overtake each other, and its creation; the last one stays.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func keepsTheNewestOfChangesInAnyOrder(seed: UInt64) throws {
    let stage = try Stage(seed: seed)
    defer { stage.close() }
    let said = try stage.playBothWays(copies: 2, shuffle: seed) {
      stage.sandbox.hold("chargebee")
      try stage.addCustomer("moving")
      for name in ["First", "Second", "Third", "Last"] {
        try stage.rename("moving", to: "\(name) Ltd")
      }
      stage.sandbox.release("chargebee")
    }
    #expect(try Verdict.wrongs(on: stage) == [])
    let togai = stage.sandbox.state["togai"]
    for things in [togai["customers"], togai["accounts"]] {
      #expect(things.array?.map { $0["name"] } == ["Last Ltd"], "\(said)")
    }
  }

  /// Plays something with all flows on, and judges both systems.
  private func onStage(_ play: (Stage) throws -> Void) throws -> Said {
    let stage = try Stage(seed: 10)
    defer { stage.close() }
    let said = try stage.playBothWays { try play(stage) }
    #expect(try Verdict.wrongs(on: stage) == [])
    return said
  }
}

/// What the runs of a play said.
struct Said: CustomStringConvertible {
  let runs: [Run]
  var statuses: Set<Run.Status> { Set(runs.map(\.status)) }
  var reasons: [String] { runs.compactMap(\.reason) }
  var notes: [String] { runs.flatMap(\.log).compactMap(\.note) }
  var description: String { (reasons + notes).joined(separator: "\n") }
}

extension Stage {
  /// Plays acts one after another with the flows of both directions on; each comes to rest first.
  func playBothWays(
    copies: Int = 1, shuffle: UInt64? = nil, _ first: () throws -> Void,
    then second: () throws -> Void = {}, then third: () throws -> Void = {}
  ) throws -> Said {
    try connectReturnFlows()
    try serve(copies: copies, shuffle: shuffle) { service, _ in
      try first()
      #expect(settle(service))
      try second()
      #expect(settle(service))
      try third()
      #expect(settle(service))
    }
    return Said(runs: try RunStore(home: registry.home).runs())
  }

  /// An account is added to a customer in Togai by its own API.
  fileprivate func addAccount(_ id: String, of customer: String) throws {
    try askTogai(
      "/accounts", ["id": .string(id), "name": .string(id), "customerId": .string(customer)])
  }
}
