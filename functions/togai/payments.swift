import StepKit
import Togai
import Values

/// Reads a page of Togai's payments, as events of their invoices.
@main
enum Payments: Step {
  static func handle(_ call: Invocation<Poll>) throws(Halt) -> Reply<EventPage> {
    .done(try NewPayments(call.input, at: call.at, call.answers).page())
  }
}
