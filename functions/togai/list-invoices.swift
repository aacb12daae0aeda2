import StepKit
import Togai
import Values

/// Lists Togai's invoices of a time, for a comparison with another app's.
@main
enum ListInvoices: Step {
  static func handle(_ call: Invocation<ListQuery>) throws(Halt) -> Reply<ListPage<ListedInvoice>> {
    .done(try InvoiceList(.invoices, call.input, call.answers).page())
  }
}
