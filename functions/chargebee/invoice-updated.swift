import Chargebee
import StepKit
import Values

/// Starts when something settles a part of an invoice in Chargebee, and reads everything that did.
@main
enum InvoiceUpdated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Payment> {
    let event = try ChargebeeEvent(call.input)
    guard SettledInvoice.events.contains(event.type) else {
      return .stop("the event is \(event.type), which settles no invoice")
    }
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }
    return try SettledInvoice(call, event).reply()
  }
}
