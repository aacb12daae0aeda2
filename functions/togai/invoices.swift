import StepKit
import Togai
import Values

/// Reads a page of the invoices that are due in Togai.
@main
enum Invoices: Step {
  static func handle(_ call: Invocation<Poll>) throws(Halt) -> Reply<EventPage> {
    .done(try GeneratedInvoices(.due, call.input, at: call.at, call.answers).page())
  }
}
