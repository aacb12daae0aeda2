import Catalog
import Dispatcher
import Foundation
import StepKit
import Synchronization
import Values

/// Steps in this process that cost nothing: a trigger is done, and an action makes one request.
final class StandInSteps: StepCaller {
  private let count = Atomic(0)
  private let hung: String?

  /// Steps of which one hangs for ten seconds, as if it was killed then.
  init(hung: String? = nil) { self.hung = hung }

  var calls: Int { count.load(ordering: .relaxed) }

  func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    count.add(1, ordering: .relaxed)
    guard "\(step)" != hung else {
      sleep(10)
      throw Problem(.unavailable, "the function \(step) gave no reply within 10 s and was killed")
    }
    do throws(JSONError) {
      let document = try JSON(parsing: invocation)
      let reply =
        if step.name == "customer-created" {
          done(document)
        } else if document["answers"]["look"].isNull {
          #"{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/a"}}]}"#
        } else {
          #"{"outcome":"done","output":{}}"#
        }
      return try StepOutput(Array(reply.utf8))
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
  }

  /// The reply of the trigger: each event is of a customer of its own, so that no run waits for another one.
  private func done(_ invocation: JSON) -> String {
    let id = invocation[path: "input.content.customer.id"]
    return (["outcome": "done", "output": ["ids": ["chargebee": id]]] as JSON).text
  }
}
