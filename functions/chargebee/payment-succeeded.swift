import Chargebee
import StepKit
import Values

/// Starts when a payment goes through in Chargebee, and says what was paid for.
@main
enum PaymentSucceeded: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<Payment> {
    let event = try ChargebeeEvent(call.input)
    guard event.type == "payment_succeeded" else {
      return .stop("the event is \(event.type), not payment_succeeded")
    }
    try event.checkVersion()

    let reading = try ChargebeePayment(call, event).reading()
    guard let reading = reading.value else { return .ask(reading.effects) }
    switch reading {
    case .payment(let payment): return .done(payment)
    case .nothing(let reason): return .stop(reason)
    }
  }
}
