import EndToEndSupport
import FoundationEssentials
import Records
import Sandbox
import Testing
import Values

/// What settles an invoice on one side is on the other side, each once, whatever brought it.
@Suite(.serialized) struct SettlementTests {
  /// A customer pays too much, and the rest pays the next invoice: no payment tells of it.
  @Test(arguments: [1, 2]) func carriesAnOlderExcessPayment(copies: Int) throws {
    let fixture = try EndToEnd(seed: 21)
    defer { fixture.close() }
    let said = try fixture.syncBothWays(copies: copies) {
      try fixture.addCustomer("rich")
    } then: {
      try fixture.invoice("rich", cents: 5000)
    } then: {
      try fixture.payInvoices(cents: 9000)
      try fixture.invoice("rich", cents: 7700)
    }
    let state = fixture.sandbox.state
    let payments = state["togai"]["payments"].array ?? []
    #expect(payments.compactMap { $0["totalAmount"].decimal } == [50, 40], "\(said)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID", "PARTIALLY_PAID"])
    let numbers = payments.map { $0[path: "externalPaymentReferences.transactionNumber"] }
    #expect(Set(numbers).count == 1 && state["chargebee"]["transactions"].array?.count == 1)
  }

  /// Credits and an excess payment settle one invoice together.
  @Test func carriesCreditsAndAnExcessPayment() throws {
    let fixture = try EndToEnd(seed: 22)
    defer { fixture.close() }
    let said = try fixture.syncBothWays(copies: 2) {
      try fixture.addCustomer("rich")
    } then: {
      try fixture.invoice("rich", cents: 5000)
    } then: {
      try fixture.payInvoices(cents: 9000)
      _ = try fixture.sandbox.giveCredits(["customer": "rich", "amount": 3700])
      try fixture.invoice("rich", cents: 7700)
    }
    let state = fixture.sandbox.state
    let paid = state["togai"]["payments"].array?.compactMap { $0["totalAmount"].decimal } ?? []
    #expect(paid.sorted() == [37, 40, 50], "\(said)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID", "PAID"])
    #expect(said.statuses.isSubset(of: [.success, .stopped]), "\(said)")
  }

  /// Two payments in Togai, whose webhooks come at once: each is recorded in Chargebee.
  @Test func carriesBothOfTwoPaymentsInTogai() throws {
    let fixture = try EndToEnd(seed: 23)
    defer { fixture.close() }
    let said = try fixture.syncBothWays(copies: 2, shuffle: 23) {
      try fixture.addCustomer("twice")
    } then: {
      try fixture.invoice("twice", cents: 10_000)
    } then: {
      fixture.sandbox.hold("togai")
      try fixture.payInTogai(40)
      try fixture.payInTogai(35.25)
      fixture.sandbox.release("togai")
    }
    let chargebee = fixture.sandbox.state["chargebee"]
    let amounts = chargebee["transactions"].array?.compactMap { $0["amount"].int } ?? []
    #expect(amounts.sorted() == [3525, 4000], "\(said)")
    #expect(chargebee["invoices"].array?.map { $0["amount_due"] } == [2475])
    #expect(fixture.sandbox.state["togai"]["payments"].array?.count == 2)
  }

  /// What was paid on both sides is too much: nobody is paid twice, and a person is told.
  @Test func tellsAPersonOfWhatWasPaidOnBothSides() throws {
    let fixture = try EndToEnd(seed: 24)
    defer { fixture.close() }
    let said = try fixture.syncBothWays {
      try fixture.addCustomer("eager")
    } then: {
      try fixture.invoice("eager", cents: 10_000)
    } then: {
      fixture.sandbox.hold("togai")
      try fixture.payInTogai(60)
      try fixture.payInvoices()
    }
    let togai = fixture.sandbox.state["togai"]
    let paid = togai["payments"].array?.compactMap { $0["totalAmount"].decimal } ?? []
    #expect(paid.sorted() == [40, 60], "\(said)")
    #expect(said.statuses.contains(.notSynced), "\(said)")
    #expect(said.reasons.contains { $0.contains("60 USD") }, "\(said)")
  }

  /// A customer that Togai has already, unlinked, gets the newest of changes in any order.
  @Test(arguments: [4, 5, 6] as [UInt64])
  func changesACustomerThatTogaiHasAlready(seed: UInt64) throws {
    let fixture = try EndToEnd(seed: seed)
    defer { fixture.close() }
    try fixture.addTogaiAccount("there")
    let said = try fixture.syncBothWays(copies: 2, shuffle: seed) {
      fixture.sandbox.hold("chargebee")
      try fixture.addCustomer("there")
      for name in ["First", "Last"] { try fixture.rename("there", to: "\(name) Ltd") }
      fixture.sandbox.release("chargebee")
    }
    let togai = fixture.sandbox.state["togai"]
    for things in [togai["customers"], togai["accounts"]] {
      #expect(things.array?.map { $0["name"] } == ["Last Ltd"], "\(said)")
    }
  }
}
