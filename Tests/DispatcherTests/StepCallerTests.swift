import Catalog
import Dispatcher
import Operations
import Records
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// The dispatcher with steps that are not executables.
struct StepCallerTests {
  /// Answers the calls of a step from memory.
  private struct FixedReplies: StepCaller {
    let replies: [String: String]

    func call(
      _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
    ) throws(Problem) -> StepOutput {
      do throws(JSONError) {
        return try StepOutput(Array((replies["\(step)"] ?? "").utf8))
      } catch {
        throw Problem(.unavailable, "\(error)")
      }
    }
  }

  @Test func runIsExecutedWithAnyCaller() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let caller = FixedReplies(replies: [
      "alpha/made": #"{"outcome":"done","output":{"ids":{"alpha":"1"}}}"#,
      "beta/take": #"{"outcome":"stop","reason":"simulated"}"#,
    ])
    let foreground = Foreground(registry: fixture.registry, caller: caller)
    let run = try #require(
      try foreground.dispatch(
        ["id": "e1", "type": "made", "about": "x"], from: fixture.registry.connections.get("a")
      ).first)
    #expect(run.status == .stopped)
    #expect(caller.processCount == 0)
  }
}
