import Catalog
import Dispatcher
import EndToEndSupport
import FoundationEssentials
import Operations
import Policies
import Records
import Sandbox
import Setup
import StepKit
import TestSupport
import Testing
import Values

/// Invoices that end otherwise than by a payment: the other side is told, or a person is, and nothing goes back
/// and forth.
@Suite(.serialized) struct EndingTests {
  private static let done: Set<Run.Status> = [.success, .stopped]

  /// Runs actions on an invoice of 123.45 that both sides have, with all flows of endings.
  private func end(
    seed: UInt64, _ fixture: EndToEnd, _ first: () throws -> Void,
    then second: () throws -> Void = {}
  ) throws -> RunSummary {
    for (flow, step) in [
      ("togai-chargebee-void-sync", "chargebee/close-invoice"),
      ("chargebee-togai-void-sync", "togai/close-invoice"),
      ("chargebee-togai-refund-sync", "togai/close-invoice"),
    ] {
      let step = try #require(StepID(step))
      _ = try fixture.registry.connect(
        flow: flow, name: flow, connections: [:], settings: [step: ["hold": "none"]])
      _ = try fixture.registry.flows.enable(flow, true)
    }
    return try fixture.syncBothWays(copies: 2, shuffle: seed) {
      try fixture.addCustomer("acme")
    } then: {
      try fixture.invoice("acme", cents: 12_345)
    } then: {
      if let step = StepID("togai/record-payment") {
        let flow = "chargebee-togai-settlement-sync"
        _ = try fixture.registry.connect(
          flow: flow, name: flow, connections: [:], settings: [step: ["hold": "none"]],
          replacing: true)
      }
      try first()
    } then: {
      try second()
    }
  }

  private func states(_ fixture: EndToEnd) -> [String?] {
    let state = fixture.sandbox.state
    return [
      state["togai"]["invoices"].array?.first?["status"].string, fixture.billed["status"].string,
    ]
  }

  private func change(_ fixture: EndToEnd, _ operation: String) throws {
    try fixture.askChargebee("/invoices/\(fixture.billed["id"].string ?? "")/\(operation)")
  }

  @Test func voidInTogaiIsMadeInChargebeeAndEnds() throws {
    let fixture = try EndToEnd(seed: 41)
    defer { fixture.close() }
    let said = try end(seed: 41, fixture) { try fixture.setStatus("VOID") }
    #expect(states(fixture) == ["VOID", "voided"], "\(said)")
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
    #expect(said.notes.contains { $0.contains("VOID already") }, "\(said)")
  }

  @Test func voidInChargebeeIsMadeInTogaiAndEnds() throws {
    let fixture = try EndToEnd(seed: 42)
    defer { fixture.close() }
    let said = try end(seed: 42, fixture) { try change(fixture, "void") }
    #expect(states(fixture) == ["VOID", "voided"], "\(said)")
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
    #expect(said.notes.contains { $0.contains("is voided already") }, "\(said)")
  }

  /// What an operator asks for waits for an approver; then Togai hears of it by the flow of voids.
  @Test func voidThatAPersonAsksForIsMadeOnBothSides() throws {
    let fixture = try EndToEnd(seed: 49)
    defer { fixture.close() }
    let name = "togai-chargebee-void-requests"
    let account = try fixture.registry.connections.get("togai").scope
    #expect(try VoidRequest(account: account, fixture.registry) == nil)
    _ = try fixture.registry.connect(flow: name, name: name, connections: [:])
    _ = try fixture.registry.flows.enable(name, true)
    let holds = HoldStore(home: fixture.registry.home)
    _ = try end(seed: 49, fixture) {
      let id = fixture.sandbox.state["togai"]["invoices"].array?.first?["id"].string ?? ""
      // Webhooks of Togai are not signed: one that asks for a void starts nothing
      let forged: JSON = ["voidRequest": ["invoice": .string(id), "by": "mallory"]]
      let togai = try fixture.registry.connections.get("togai")
      let intake = Intake(registry: fixture.registry, clock: fixture.clock)
      #expect(intake.take(forged, from: togai).runs.allSatisfy { $0.flowConnection != name })
      let request = try #require(try VoidRequest(account: account, fixture.registry))
      let run = try request.send(invoice: id, by: "ada", clock: fixture.clock)
      try waitUntil { try holds.all().contains { $0.run == run.id } }
      #expect(states(fixture) == ["DUE", "payment_due"])
      _ = try holds.grant(run.id, by: "grace", now: fixture.clock.now())
    }
    #expect(states(fixture) == ["VOID", "voided"])
  }

  @Test func voidWaitsForAPersonUnlessTheFlowLetsIt() throws {
    let fixture = try EndToEnd(seed: 43)
    defer { fixture.close() }
    let flow = "togai-chargebee-void-sync"
    _ = try fixture.registry.connect(flow: flow, name: flow, connections: [:], settings: [:])
    _ = try fixture.registry.flows.enable(flow, true)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try fixture.invoice("acme", cents: 12_345)
      #expect(fixture.settle(service))
      try fixture.setStatus("VOID")
      let holds = HoldStore(home: fixture.registry.home)
      try waitUntil { try !holds.all().isEmpty }
      let hold = try #require(try holds.all().first)
      #expect(hold.kind == "void" && hold.money == Money(minor: 12_345, places: 2, "USD"))
      #expect(states(fixture) == ["VOID", "payment_due"])
      _ = try holds.grant(hold.run, by: "ada", now: fixture.clock.now())
      #expect(fixture.settle(service))
      #expect(states(fixture) == ["VOID", "voided"])
    }
  }

  @Test func paidInvoiceIsNotVoided() throws {
    let fixture = try EndToEnd(seed: 44)
    defer { fixture.close() }
    let said = try end(seed: 44, fixture) {
      fixture.sandbox.hold("chargebee")
      try fixture.payInvoices(cents: 2345)
      try fixture.setStatus("VOID")
    } then: {
      fixture.sandbox.release("chargebee")
    }
    #expect(states(fixture) == ["VOID", "payment_due"], "\(said)")
    #expect(said.reasons.contains { $0.contains("23.45 USD paid") }, "\(said)")
  }

  @Test func writeOffBecomesUncollectibleAndEnds() throws {
    let fixture = try EndToEnd(seed: 45)
    defer { fixture.close() }
    let said = try end(seed: 45, fixture) {
      try fixture.payInvoices(cents: 2345)
    } then: {
      try change(fixture, "write_off")
    }
    #expect(states(fixture) == ["UN_COLLECTIBLE", "paid"], "\(said)")
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
    let paid = fixture.sandbox.state["togai"]["payments"].array ?? []
    #expect(paid.compactMap { $0["totalAmount"].decimal?.description } == ["23.45"], "\(said)")
  }

  @Test func uncollectibleIsWrittenOffAndEnds() throws {
    let fixture = try EndToEnd(seed: 46)
    defer { fixture.close() }
    let said = try end(seed: 46, fixture) { try fixture.setStatus("UN_COLLECTIBLE") }
    #expect(states(fixture) == ["UN_COLLECTIBLE", "paid"], "\(said)")
    #expect(fixture.billed["write_off_amount"] == 12_345)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  /// A person marks the invoice as paid, after a part of it was paid in either app.
  @Test(arguments: [false, true]) func whatIsPaidOtherwiseIsRecordedOnce(hasParts: Bool) throws {
    let fixture = try EndToEnd(seed: 47)
    defer { fixture.close() }
    let said = try end(seed: 47, fixture) {
      guard hasParts else { return }
      try fixture.payInvoices(cents: 2345)
      try fixture.payInTogai(30)
    } then: {
      try fixture.setStatus("PAID")
    }
    #expect(states(fixture) == ["PAID", "paid"], "\(said)")
    let amounts = fixture.sandbox.state["chargebee"]["transactions"].array?.compactMap {
      $0["amount"].int
    }
    #expect(amounts?.sorted() == (hasParts ? [2345, 3000, 7000] : [12_345]), "\(said)")
    #expect(fixture.sandbox.state["togai"]["payments"].array?.count == (hasParts ? 2 : 0))
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  @Test func fullRefundIsInitiatedInTogai() throws {
    let fixture = try EndToEnd(seed: 48)
    defer { fixture.close() }
    let said = try end(seed: 48, fixture) {
      try fixture.payInvoices()
    } then: {
      let path = "/invoices/\(fixture.billed["id"].string ?? "")/record_refund"
      try fixture.askChargebee(path, ["transaction[payment_method]": "bank_transfer"])
    }
    #expect(states(fixture) == ["REFUND_INITIATED", "paid"], "\(said)")
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  @Test func refundOfAPartAndALateFailureNeedAPerson() throws {
    let fixture = try EndToEnd(seed: 49)
    defer { fixture.close() }
    let said = try end(seed: 49, fixture) {
      try fixture.payInvoices()
    } then: {
      let path = "/invoices/\(fixture.billed["id"].string ?? "")/record_refund"
      try fixture.askChargebee(
        path, ["transaction[payment_method]": "cash", "transaction[amount]": "2345"])
      let payments = fixture.sandbox.state["chargebee"]["transactions"].array ?? []
      let paid = try #require(payments.first { $0["type"] == "payment" }?["id"].string)
      try fixture.sandbox.failLate(paid)
    }
    #expect(states(fixture) == ["PAID", "not_paid"], "\(said)")
    #expect(
      said.reasons.contains { $0.contains("23.45 USD of 123.45 USD were refunded") }, "\(said)")
    #expect(said.reasons.contains { $0.contains("did not last") }, "\(said)")
    // What Togai has too much of is a finding of the settlement sync, and nothing is taken back
    #expect(said.reasons.contains { $0.contains("123.45 USD more recorded") }, "\(said)")
    #expect(fixture.sandbox.state["togai"]["payments"].array?.count == 1)
  }

  @Test func taxWithheldIsRecordedOnce() throws {
    let fixture = try EndToEnd(seed: 50)
    defer { fixture.close() }
    let said = try end(seed: 50, fixture) {
      let path = "/invoices/\(fixture.billed["id"].string ?? "")/record_tax_withheld"
      try fixture.askChargebee(path, ["tax_withheld[amount]": "2345"])
    } then: {
      try fixture.payInvoices()
    }
    #expect(states(fixture) == ["PAID", "paid"], "\(said)")
    let paid = fixture.sandbox.state["togai"]["payments"].array ?? []
    #expect(
      paid.compactMap { $0["totalAmount"].decimal?.description }.sorted() == ["100", "23.45"])
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  /// What a person does with the credits of a plan before it is refunded, and what comes of it.
  @Test(arguments: [
    (used: 0, status: "VOIDED", said: "voided 1000 API calls"),
    (used: 400, status: "ACTIVE", said: "400 of 1000 API calls are used"),
  ])
  func refundVoidsWhatWasGrantedAndNotUsed(
    used: Int, status: String, said words: String
  ) throws {
    let fixture = try EndToEnd(seed: 51)
    defer { fixture.close() }
    let said = try end(seed: 51, fixture) {
      try fixture.pay("acme")
    } then: {
      if used > 0 {
        try fixture.sandbox.use([
          "account": "acme", "feature": .string(EndToEnd.feature),
          "quantity": .number(Numeral(used)),
        ])
      }
      try fixture.askChargebee("/invoices/\(fixture.bought["id"].string ?? "")/refund")
    }
    let credits = fixture.sandbox.state["togai"]["credits"].array ?? []
    #expect(credits.map { $0["status"].string } == [status], "\(said)")
    #expect((said.reasons + said.notes).contains { $0.contains(words) }, "\(said)")
  }
}
