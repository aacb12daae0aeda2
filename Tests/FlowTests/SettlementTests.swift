import FoundationEssentials
import Records
import Sandbox
import Stage
import Testing
import Values

/// What settles an invoice on one side is on the other side, each once, whatever brought it.
@Suite(.serialized) struct SettlementTests {
  /// A customer pays too much, and the rest pays the next invoice: no payment tells of it.
  @Test(arguments: [1, 2]) func carriesAnOlderExcessPayment(copies: Int) throws {
    let stage = try Stage(seed: 21)
    defer { stage.close() }
    let said = try stage.playBothWays(copies: copies) {
      try stage.addCustomer("rich")
    } then: {
      try stage.invoice("rich", cents: 5000)
    } then: {
      try stage.payInvoices(cents: 9000)
      try stage.invoice("rich", cents: 7700)
    }
    let state = stage.sandbox.state
    let payments = state["togai"]["payments"].array ?? []
    #expect(payments.compactMap { $0["totalAmount"].decimal } == [50, 40], "\(said)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID", "PARTIALLY_PAID"])
    let numbers = payments.map { $0[path: "externalPaymentReferences.transactionNumber"] }
    #expect(Set(numbers).count == 1 && state["chargebee"]["transactions"].array?.count == 1)
  }

  /// Credits and an excess payment settle one invoice together.
  @Test func carriesCreditsAndAnExcessPayment() throws {
    let stage = try Stage(seed: 22)
    defer { stage.close() }
    let said = try stage.playBothWays(copies: 2) {
      try stage.addCustomer("rich")
    } then: {
      try stage.invoice("rich", cents: 5000)
    } then: {
      try stage.payInvoices(cents: 9000)
      _ = try stage.sandbox.giveCredits(["customer": "rich", "amount": 3700])
      try stage.invoice("rich", cents: 7700)
    }
    let state = stage.sandbox.state
    let paid = state["togai"]["payments"].array?.compactMap { $0["totalAmount"].decimal } ?? []
    #expect(paid.sorted() == [37, 40, 50], "\(said)")
    #expect(state["togai"]["invoices"].array?.map { $0["status"] } == ["PAID", "PAID"])
    #expect(said.statuses.isSubset(of: [.success, .stopped]), "\(said)")
  }

  /// Two payments in Togai, whose webhooks come at once: each is recorded in Chargebee.
  @Test func carriesBothOfTwoPaymentsInTogai() throws {
    let stage = try Stage(seed: 23)
    defer { stage.close() }
    let said = try stage.playBothWays(copies: 2, shuffle: 23) {
      try stage.addCustomer("twice")
    } then: {
      try stage.invoice("twice", cents: 10_000)
    } then: {
      stage.sandbox.hold("togai")
      try stage.payInTogai(40)
      try stage.payInTogai(35.25)
      stage.sandbox.release("togai")
    }
    let chargebee = stage.sandbox.state["chargebee"]
    let amounts = chargebee["transactions"].array?.compactMap { $0["amount"].int } ?? []
    #expect(amounts.sorted() == [3525, 4000], "\(said)")
    #expect(chargebee["invoices"].array?.map { $0["amount_due"] } == [2475])
    #expect(stage.sandbox.state["togai"]["payments"].array?.count == 2)
  }

  /// What was paid on both sides is too much: nobody is paid twice, and a person is told.
  @Test func tellsAPersonOfWhatWasPaidOnBothSides() throws {
    let stage = try Stage(seed: 24)
    defer { stage.close() }
    let said = try stage.playBothWays {
      try stage.addCustomer("eager")
    } then: {
      try stage.invoice("eager", cents: 10_000)
    } then: {
      stage.sandbox.hold("togai")
      try stage.payInTogai(60)
      try stage.payInvoices()
    }
    let togai = stage.sandbox.state["togai"]
    let paid = togai["payments"].array?.compactMap { $0["totalAmount"].decimal } ?? []
    #expect(paid.sorted() == [40, 60], "\(said)")
    #expect(said.statuses.contains(.notSynced), "\(said)")
    #expect(said.reasons.contains { $0.contains("60 USD") }, "\(said)")
  }

  /// A customer that Togai has already, unlinked, gets the newest of changes in any order.
  @Test(arguments: [4, 5, 6] as [UInt64])
  func changesACustomerThatTogaiHasAlready(seed: UInt64) throws {
    let stage = try Stage(seed: seed)
    defer { stage.close() }
    try stage.addTogaiAccount("there")
    let said = try stage.playBothWays(copies: 2, shuffle: seed) {
      stage.sandbox.hold("chargebee")
      try stage.addCustomer("there")
      for name in ["First", "Last"] { try stage.rename("there", to: "\(name) Ltd") }
      stage.sandbox.release("chargebee")
    }
    let togai = stage.sandbox.state["togai"]
    for things in [togai["customers"], togai["accounts"]] {
      #expect(things.array?.map { $0["name"] } == ["Last Ltd"], "\(said)")
    }
  }
}
