import StepKit
import Togai
import Values

/// Starts when a person asks that what another app has of an invoice be voided.
@main
enum VoidRequested: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<InvoiceEnding> {
    let request = call.input["voidRequest"]
    guard let id = request["invoice"].verbatim, let person = request["by"].nonBlank else {
      return .stop("the event is nobody's request: it has no voidRequest")
    }
    return try EndedInvoice(of: id, call.answers).reply(to: person)
  }
}
