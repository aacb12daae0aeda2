import StepKit
import Togai
import Values

/// Lists Togai's invoices of less than nothing, for a comparison with the credits of another app.
@main
enum ListCredits: Step {
  static func handle(_ call: Invocation<ListQuery>) throws(Halt) -> Reply<ListPage<ListedInvoice>> {
    .done(try InvoiceList(.credits, call.input, call.answers).page())
  }
}
