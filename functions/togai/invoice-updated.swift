import StepKit
import Togai
import Values

/// Starts when an invoice in Togai is paid there, by whatever means.
@main
enum InvoiceUpdated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<Payment> {
    let event = TogaiEvent(call.input)
    guard let id = event.invoice else { return .stop("the event is no invoice's: \(event.kind)") }

    let reading = try TogaiPayment(of: id, call.answers).reading()
    guard let reading = reading.value else { return .ask(reading.effects) }
    switch reading {
    case .payment(let payment): return .done(payment)
    case .nothing(let reason): return .stop(reason)
    }
  }
}
