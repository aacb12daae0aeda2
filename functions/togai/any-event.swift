import StepKit
import Togai
import Values

/// Starts with the events of Togai that the flow names, as they are.
@main
enum AnyEvent: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<JSON> {
    let event = TogaiEvent(call.input)
    let kinds = (call.option("kinds").string ?? "").split(separator: ",")
      .compactMap { String($0).nonBlank }
    guard kinds.contains(where: event.isOf) else {
      return .stop(
        "the event is \(event.kind), and the flow is for \(kinds.joined(separator: ", "))")
    }
    return .done(event.noun)
  }
}
