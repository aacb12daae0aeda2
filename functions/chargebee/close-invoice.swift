import Chargebee
import StepKit
import Values

/// Voids or writes off an invoice in Chargebee that ended in another app.
@main
enum CloseInvoice: Step {
  static func handle(_ call: Invocation<InvoiceEnding>) throws(Halt) -> Reply<InvoiceEnding> {
    try InvoiceClosing(call).reply()
  }
}
