import Simulation
import Testing

@Suite struct SimulationTests {
  private static let campaign = Result { try Campaign() }

  @Test func seedGivesSameTrace() throws {
    let campaign = try Self.campaign.get()
    for seed in 1...10 as ClosedRange<UInt64> {
      let first = try campaign.play(Scenario(seed: seed))
      #expect(try campaign.play(Scenario(seed: seed)) == first)
    }
  }

  /// 300 worlds in four parts, which run at the same time.
  @Test(arguments: 0..<4)
  func nothingGoesWrong(part: Int) throws {
    let campaign = try Self.campaign.get()
    for seed in UInt64(75 * part + 1)...UInt64(75 * part + 75) {
      let wrongs = try campaign.play(Scenario(seed: seed)).wrongs
      #expect(wrongs.isEmpty, "StressTests simulate --seed \(seed)")
    }
  }

  /// Seeds that once found a fault, in worlds that had no Zoho Books yet.
  ///
  /// | seeds | fault |
  /// |---|---|
  /// | 67 to 436 | two flows comment on one customer, since the change that waited had another key |
  /// | 5897 | a run records the payment that another one has chosen, and its own is not recorded |
  /// | 549, 470, 943 | an older change is applied to a customer whose link has no version |
  /// | 9, 103, 152 | a change is lost for a customer that Togai has already, unlinked |
  /// | 218 to 4728 | a payment between two reads is linked with an invoice, and not recorded |
  /// | 2036, 7835 | a run that another thread found open, and ended, is carried again |
  @Test(arguments: Self.found)
  func faultStaysMended(seed: UInt64) throws {
    let wrongs = try Self.campaign.get().play(Scenario(seed: seed, with: [])).wrongs
    #expect(wrongs.isEmpty)
  }

  /// Seeds that once found a fault in worlds with Zoho Books.
  ///
  /// | seeds | fault |
  /// |---|---|
  /// | 807 to 3581 | two runs in two lanes each make a contact for one customer, under two names |
  @Test(arguments: [807, 990, 1847, 2463, 3581] as [UInt64])
  func faultWithBooksStaysMended(seed: UInt64) throws {
    #expect(try Self.campaign.get().play(Scenario(seed: seed, with: [.books])).wrongs.isEmpty)
  }

  /// Seeds that once found a fault in worlds with invoices that end otherwise than by payments.
  ///
  /// | seeds | fault |
  /// |---|---|
  /// | 2418, 2543 | what is paid in Togai and given up in Chargebee is told to nobody |
  /// | 3048 | none: the oracle missed a write-off that a person voided in Togai afterwards |
  @Test(arguments: [2418, 2543, 3048] as [UInt64])
  func faultWithEndingsStaysMended(seed: UInt64) throws {
    let scenario = Scenario(seed: seed, with: [.books, .endings])
    #expect(try Self.campaign.get().play(scenario).wrongs.isEmpty)
  }

  /// Seeds that once found a fault in worlds with hardships, and without endings.
  ///
  /// | seeds | fault |
  /// |---|---|
  /// | 33 | a run that waited for a key bills what its trigger read before a payment, which is lost |
  /// | 970 to 3051 | a customer of Chargebee's who shares a customer of Togai's gets no contact |
  /// | 1355, 2799 | an invoice of Zoho Books stays a draft, which is told to nobody |
  /// | 877 to 3738 | none: a comment that names the contact in Zoho Books follows one that names Togai |
  @Test(arguments: Self.foundInHardship)
  func faultWithHardshipsStaysMended(seed: UInt64) throws {
    let scenario = Scenario(seed: seed, with: [.books, .hardships])
    #expect(try Self.campaign.get().play(scenario).wrongs.isEmpty)
  }

  /// Seeds that once found a fault in worlds with all kinds of things.
  ///
  /// | seeds | fault |
  /// |---|---|
  /// | 1580 | a payment of Chargebee's is recorded there again with an invoice whose run was lost |
  /// | 3387 | an account takes the contact of another account's customer |
  /// | 4749 | an older creation is applied to an account that is linked with news |
  /// | 6601, 6874 | after a kill, what is accepted in the same millisecond comes before what was |
  @Test(arguments: [1580, 3387, 4749, 6601, 6874] as [UInt64])
  func faultWithAllStaysMended(seed: UInt64) throws {
    #expect(try Self.campaign.get().play(Scenario(seed: seed)).wrongs.isEmpty)
  }

  private static let found: [UInt64] = [
    67, 147, 166, 182, 244, 271, 284, 388, 436, 5897, 549, 470, 943, 9, 103, 152, 218, 4714, 4728,
    2036, 7835,
  ]
  private static let foundInHardship: [UInt64] = [
    33, 970, 1176, 1336, 1386, 1966, 2265, 2695, 2891, 3051, 1355, 2799, 877, 1057, 1326, 2826,
    3262, 3382, 3738,
  ]
}
