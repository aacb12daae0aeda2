import EndToEndSupport
import Testing

/// A sample of the crashes of `swift run -c release StressTests crashes`.
struct CrashTests {
  static let some: [CrashCase] =
    tries(stride(from: 3, to: 530, by: 53), .original)
    + Scenario.each.dropFirst().enumerated().flatMap { index, scenario in
      tries(stride(from: 11 + 7 * index, to: 160, by: 60), scenario)
    } + tries(stride(from: 60, to: 1200, by: 190), .together)

  private static func tries(_ operations: StrideTo<Int>, _ scenario: Scenario) -> [CrashCase] {
    operations.enumerated().map { index, operation in
      CrashCase(
        operation: operation, fault: CrashCase.faults[(index + operation) % CrashCase.faults.count],
        downtime: (index / 2).isMultiple(of: 2) ? 0 : 31 * 60, scenario: scenario)
    }
  }

  @Test(arguments: some) func crashLosesAndDuplicatesNothing(crash: CrashCase) throws {
    #expect(try crash.run().violations == [])
  }
}
