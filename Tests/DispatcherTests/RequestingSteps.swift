import Catalog
import Foundation
import StepKit
import Synchronization
import Values

@testable import Dispatcher

/// Steps in this process: the trigger of alpha is done, and each action makes one request.
final class RequestingSteps: StepCaller {
  private struct State {
    var count = 0
    var hanging = 0
    var hangsAt: String?
  }

  private let state = Mutex(State())
  private let isOpen = Atomic(false)

  /// The number of calls.
  var count: Int { state.withLock { $0.count } }
  /// The number of calls that hang now.
  var hanging: Int { state.withLock { $0.hanging } }

  /// Lets calls of a step hang.
  func hang(at step: String) { state.withLock { $0.hangsAt = step } }

  func open() { isOpen.store(true, ordering: .releasing) }

  func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    do throws(JSONError) {
      let document = try JSON(parsing: invocation)
      let hangs = state.withLock { state in
        state.count += 1
        let hangs = state.hangsAt == "\(step)"
        if hangs { state.hanging += 1 }
        return hangs
      }
      if hangs {
        while !isOpen.load(ordering: .acquiring) { usleep(1000) }
        state.withLock { $0.hanging -= 1 }
      }
      return try StepOutput(Array(Self.reply(of: "\(step)", to: document).utf8))
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
  }

  private static func reply(of step: String, to document: JSON) -> String {
    guard step != "alpha/made" else { return #"{"outcome":"done","output":{"ids":{"alpha":"1"}}}"# }
    guard document["answers"]["look"].isNull else { return #"{"outcome":"done","output":{}}"# }
    return
      #"{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/things"}}]}"#
  }
}
