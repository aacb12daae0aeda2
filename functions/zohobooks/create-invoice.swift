import StepKit
import Values
import Zohobooks

/// Creates an invoice in Zoho Books for an invoice of another app, once.
@main
enum CreateInvoice: Step {
  static func handle(_ call: Invocation<Invoice>) throws(Halt) -> Reply<Invoice> {
    try InvoiceCreation(call).reply()
  }
}
