import StepKit
import Togai
import Values

/// Records a payment of another app on Togai's own invoices that it paid, once.
@main
enum RecordPayment: Step {
  static func handle(_ call: Invocation<Payment>) throws(Halt) -> Reply<Payment> {
    try PaymentRecording(call).reply()
  }
}
