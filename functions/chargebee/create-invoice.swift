import Chargebee
import StepKit
import Values

/// Creates an invoice in Chargebee for an invoice of another app, once.
@main
enum CreateInvoice: Step {
  static func handle(_ call: Invocation<Invoice>) throws(Halt) -> Reply<Invoice> {
    try InvoiceCreation(call).reply()
  }
}
