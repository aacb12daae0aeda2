import Chargebee
import StepKit
import Values

/// Records payments of another app on the invoices in Chargebee that they paid, once.
@main
enum RecordPayment: Step {
  static func handle(_ call: Invocation<Payment>) throws(Halt) -> Reply<Payment> {
    try PaymentsRecording(call).reply()
  }
}
