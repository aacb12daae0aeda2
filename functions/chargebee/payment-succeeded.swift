import Chargebee
import StepKit
import Values

/// Starts when a payment succeeds in Chargebee, and reads what it was for.
@main
enum PaymentSucceeded: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Payment> {
    let event = try ChargebeeEvent(call.input)
    guard event.type == "payment_succeeded" else {
      return .stop("the event is \(event.type), not payment_succeeded")
    }
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }
    return try ChargebeePayment(call, event).reply()
  }
}
