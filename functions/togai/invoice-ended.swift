import StepKit
import Togai
import Values

/// Starts when an invoice in Togai is voided, merged into another, or uncollectible.
@main
enum InvoiceEnded: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<InvoiceEnding> {
    let event = TogaiEvent(call.input)
    guard let id = event.invoice else { return .stop("the event is no invoice's: \(event.kind)") }
    return try EndedInvoice(of: id, call.answers).reply()
  }
}
