import Simulation
import Testing

@Suite struct SimulationTests {
  /// A seed is a world: whoever plays it sees the same.
  @Test func seedGivesSameTrace() throws {
    let campaign = try Campaign()
    for seed in 1...10 as ClosedRange<UInt64> {
      let first = try campaign.play(Scenario(seed: seed))
      #expect(try campaign.play(Scenario(seed: seed)) == first)
    }
  }
}
