import StepKit
import Togai
import Values

/// Reads a page of the invoices of less than nothing in Togai.
@main
enum Credits: Step {
  static func handle(_ call: Invocation<Poll>) throws(Halt) -> Reply<EventPage> {
    .done(try GeneratedInvoices(.credits, call.input, at: call.at, call.answers).page())
  }
}
