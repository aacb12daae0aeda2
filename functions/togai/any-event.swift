import StepKit
import Togai
import Values

/// Starts on the Togai events that the flow names, and passes them on unchanged.
@main
enum AnyEvent: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    let event = TogaiEvent(call.input)
    let kinds = call.names("kinds")
    guard kinds.contains(where: event.isOf) else {
      return .stop(
        "the event is \(event.kind), and the flow is for \(kinds.joined(separator: ", "))")
    }
    return .done(event.noun)
  }
}
