import Simulation
import Testing

@Suite struct SimulationTests {
  /// Kinds of faults that are known, and mended elsewhere.
  private static let known: Set = ["change lost", "stale name", "payment missing in Chargebee"]

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
      let scenario = Scenario(seed: seed)
      let wrongs = try campaign.play(scenario).wrongs
      guard !wrongs.isEmpty else { continue }
      let isKnown = wrongs.allSatisfy { Self.known.contains($0.kind) }
      withKnownIssue("mended elsewhere", isIntermittent: true) {
        Issue.record("seed \(seed): \(wrongs.map(\.description).joined(separator: "; "))")
      } when: {
        isKnown
      }
    }
  }

  /// Seeds that once found a fault.
  @Test(arguments: Self.found)
  func faultStaysMended(seed: UInt64) throws {
    let wrongs = try Self.campaign.get().play(Scenario(seed: seed)).wrongs
    #expect(wrongs.allSatisfy { Self.known.contains($0.kind) }, "\(wrongs)")
  }

  private static let found: [UInt64] = []
}
