import Chargebee
import StepKit
import Values

/// Starts with the events of Chargebee that the flow names, as they are.
@main
enum AnyEvent: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<JSON> {
    let event = try ChargebeeEvent(call.input)
    let types = (call.option("types").string ?? "").split(separator: ",")
      .compactMap { String($0).nonBlank }
    guard types.contains(event.type) else {
      return .stop(
        "the event is \(event.type), and the flow is for \(types.joined(separator: ", "))")
    }
    return .done(event.noun)
  }
}
