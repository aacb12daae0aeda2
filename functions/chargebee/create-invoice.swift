import Chargebee
import StepKit
import Values

/// Makes an invoice in Chargebee for an invoice of another app, once.
@main
enum CreateInvoice: Step {
  static func handle(_ call: Invocation<Invoice>) throws(Failure) -> Reply<Invoice> {
    let ending = try InvoiceCreation(call).ending()
    guard let ending = ending.value else { return .ask(ending.effects) }

    switch ending {
    case .done(let id, let note):
      var invoice = call.input
      invoice.ids[Chargebee.name] = id
      return .done(invoice, note: note)
    case .stop(let reason): return .stop(reason)
    case .fail(let reason): return .fail(reason)
    }
  }
}
