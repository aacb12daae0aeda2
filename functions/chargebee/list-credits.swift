import Chargebee
import StepKit
import Values

/// Lists Chargebee's promotional credits of a time, for a comparison with another app's negative invoices.
@main
enum ListCredits: Step {
  static func handle(_ call: Invocation<ListQuery>) throws(Halt) -> Reply<ListPage<ListedInvoice>> {
    .done(try CreditList(call.input, call.settings, call.answers).page())
  }
}
