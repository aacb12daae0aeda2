import Chargebee
import StepKit
import Values

/// Starts on the Chargebee events that the flow names, and passes them on unchanged.
@main
enum AnyEvent: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    let event = try ChargebeeEvent(call.input)
    let types = call.names("types")
    guard types.contains(event.type) else {
      return .stop(
        "the event is \(event.type), and the flow is for \(types.joined(separator: ", "))")
    }
    if let sample = event.sample { return .stop(sample) }
    return .done(event.noun)
  }
}
