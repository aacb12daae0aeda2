import Catalog
import Foundation
import StepKit
import Synchronization
import Values

@testable import Dispatcher

/// Steps that run in this process: the trigger of alpha records the event and stops the run, unless a
/// test says otherwise.
final class ScriptedSteps: StepCaller {
  /// A call that waits until a test opens its gate.
  final class Gate: Sendable {
    private let isOpen = Atomic(false)

    func open() { isOpen.store(true, ordering: .releasing) }

    fileprivate func wait() {
      while !isOpen.load(ordering: .acquiring) { usleep(1000) }
    }
  }

  private struct State {
    var events: [String] = []
    var gates: [String: Gate] = [:]
    var replies: [String: [String]] = [:]
  }

  private let state = Mutex(State())

  /// The ids of the events that steps were called with, in order.
  var events: [String] { state.withLock { $0.events } }

  /// Lets calls with an event wait until the gate is opened.
  func hold(_ event: String) -> Gate {
    let gate = Gate()
    state.withLock { $0.gates[event] = gate }
    return gate
  }

  /// Opens all gates.
  func openAll() { for gate in state.withLock({ $0.gates.values.map(\.self) }) { gate.open() } }

  /// Gives a reply to the next calls with an event.
  func reply(to event: String, _ reply: String, times: Int) {
    state.withLock { $0.replies[event, default: []] += Array(repeating: reply, count: times) }
  }

  func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    do throws(JSONError) {
      let document = try JSON(parsing: invocation)
      let event = document["id"].string ?? document["input"]["id"].string ?? ""
      let (gate, reply) = state.withLock { state in
        state.events.append(event)
        let isScripted = state.replies[event]?.isEmpty == false
        return (state.gates[event], isScripted ? state.replies[event]?.removeFirst() : nil)
      }
      gate?.wait()
      return try StepOutput(Array((reply ?? #"{"outcome":"stop","reason":"seen"}"#).utf8))
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
  }
}
