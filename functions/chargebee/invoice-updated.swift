import Chargebee
import StepKit
import Values

/// Starts when an invoice in Chargebee is paid by credits, for which there is no payment.
@main
enum InvoiceUpdated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<Payment> {
    let event = try ChargebeeEvent(call.input)
    // An invoice that credits cover from the start is generated as paid, and never updated
    guard ["invoice_generated", "invoice_updated"].contains(event.type) else {
      return .stop("the event is \(event.type), not invoice_generated or invoice_updated")
    }
    try event.checkVersion()

    let reading = try CreditedInvoice(call, event).reading()
    guard let reading = reading.value else { return .ask(reading.effects) }
    switch reading {
    case .payment(let payment): return .done(payment)
    case .nothing(let reason): return .stop(reason)
    }
  }
}
