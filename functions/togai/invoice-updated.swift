import StepKit
import Togai
import Values

/// Starts when an invoice in Togai is paid there, by any means.
@main
enum InvoiceUpdated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Payment> {
    let event = TogaiEvent(call.input)
    guard let id = event.invoice else { return .stop("the event is no invoice's: \(event.kind)") }
    return try TogaiPayment(of: id, call.answers).reply()
  }
}
