import Chargebee
import StepKit
import Values

/// Starts when a payment in Chargebee is refunded, or fails late.
@main
enum PaymentRefunded: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<InvoiceEnding> {
    let event = try ChargebeeEvent(call.input)
    guard ["payment_refunded", "transaction_updated"].contains(event.type) else {
      return .stop("the event is \(event.type), not payment_refunded or transaction_updated")
    }
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }
    return try RefundedInvoice(call, event).reply()
  }
}
