import Chargebee
import StepKit
import Values

/// Reads a page of Chargebee's events, the oldest first.
@main
enum Events: Step {
  static func handle(_ call: Invocation<Poll>) throws(Halt) -> Reply<EventPage> {
    .done(try EventList(call.input, call.answers).page())
  }
}
