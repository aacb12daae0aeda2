import Stage
import Testing

/// A part of what `swift run -c release Trials crashes` tries.
struct DeathTests {
  static let some: [Crash] = stride(from: 3, to: 857, by: 89).enumerated().map { index, deed in
    Crash(
      deed: deed, fault: Crash.faults[index % Crash.faults.count],
      gap: (index / 2).isMultiple(of: 2) ? 0 : 31 * 60)
  }

  @Test(arguments: some) func losesAndDoublesNothing(crash: Crash) throws {
    #expect(try crash.play().wrongs == [])
  }
}
