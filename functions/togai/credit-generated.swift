import StepKit
import Togai
import Values

/// Starts when an invoice in Togai becomes a generated one of less than nothing.
@main
enum CreditGenerated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Credit> {
    let event = TogaiEvent(call.input)
    guard let id = event.invoice else { return .stop("the event is no invoice's: \(event.kind)") }
    return try NegativeInvoice(id, call.answers).reply()
  }
}
