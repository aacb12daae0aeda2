import StepKit
import Togai
import Values

/// Gives an invoice in Togai the status that belongs to what became of it in another app.
@main
enum CloseInvoice: Step {
  static func handle(_ call: Invocation<InvoiceEnding>) throws(Halt) -> Reply<InvoiceEnding> {
    try InvoiceClosing(call).reply()
  }
}
