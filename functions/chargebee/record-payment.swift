import Chargebee
import StepKit
import Values

/// Records a payment of another app on the invoices in Chargebee that it paid, once.
@main
enum RecordPayment: Step {
  static func handle(_ call: Invocation<Payment>) throws(Halt) -> Reply<Payment> {
    try PaymentRecording(call).reply()
  }
}
