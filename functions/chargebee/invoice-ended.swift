import Chargebee
import StepKit
import Values

/// Starts when an invoice in Chargebee is voided, deleted or written off.
@main
enum InvoiceEnded: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<InvoiceEnding> {
    let event = try ChargebeeEvent(call.input)
    guard ["invoice_updated", "invoice_deleted"].contains(event.type) else {
      return .stop("the event is \(event.type), not invoice_updated or invoice_deleted")
    }
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }
    return try EndedInvoice(call, event).reply()
  }
}
