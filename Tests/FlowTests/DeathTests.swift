import Stage
import Testing

/// A part of what `swift run -c release Trials crashes` tries.
struct DeathTests {
  static let some: [Crash] =
    tries(stride(from: 3, to: 510, by: 53), .original)
    + tries(stride(from: 60, to: 1200, by: 190), .bothWays)

  private static func tries(_ deeds: StrideTo<Int>, _ scene: Crash.Scene) -> [Crash] {
    deeds.enumerated().map { index, deed in
      Crash(
        deed: deed, fault: Crash.faults[index % Crash.faults.count],
        gap: (index / 2).isMultiple(of: 2) ? 0 : 31 * 60, scene: scene)
    }
  }

  @Test(arguments: some) func losesAndDoublesNothing(crash: Crash) throws {
    #expect(try crash.play().wrongs == [])
  }
}
