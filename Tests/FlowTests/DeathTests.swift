import Stage
import Testing

/// A part of what `swift run -c release Trials crashes` tries.
struct DeathTests {
  static let some: [Crash] =
    tries(stride(from: 3, to: 530, by: 53), .original)
    + Scene.each.dropFirst().enumerated().flatMap { index, scene in
      tries(stride(from: 11 + 7 * index, to: 160, by: 60), scene)
    } + tries(stride(from: 60, to: 1200, by: 190), .together)

  private static func tries(_ deeds: StrideTo<Int>, _ scene: Scene) -> [Crash] {
    deeds.enumerated().map { index, deed in
      Crash(
        deed: deed, fault: Crash.faults[(index + deed) % Crash.faults.count],
        gap: (index / 2).isMultiple(of: 2) ? 0 : 31 * 60, scene: scene)
    }
  }

  @Test(arguments: some) func losesAndDoublesNothing(crash: Crash) throws {
    #expect(try crash.play().wrongs == [])
  }
}
