import Foundation
import Processes
import StepKit
import Testing
import Values

@testable import Dispatcher

/// A warm process gives the same bytes as a cold one.
struct WarmTests {
  private static let pool = WorkerPool(PoolOptions())

  @Test(arguments: Fixture.all)
  func warmStepGivesSameReply(fixture: Fixture) throws {
    let line = try JSON(parsing: Data(contentsOf: fixture.invocation)).bytes
    let step = Program(
      path: program(of: fixture.step).path, timeout: 60, maxOutput: 1 << 20,
      limits: ResourceLimits(memory: 512 << 20))
    let cold = try step.run(input: line + [0x0A])
    #expect(cold.ending == .finished(.exited(0)))
    for _ in 1...2 {
      let warm = Self.pool.answer(of: step, to: line) { $0 }.value
      #expect(warm.map { $0 + [0x0A] } == cold.output)
    }
  }
}
