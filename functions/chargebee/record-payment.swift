import Chargebee
import StepKit
import Values

/// Writes on Chargebee's invoices what was paid for them in another app, once.
@main
enum RecordPayment: Step {
  static func handle(_ call: Invocation<Payment>) throws(Failure) -> Reply<Payment> {
    let ending = try RecordedPayments(call).ending()
    guard let ending = ending.value else { return .ask(ending.effects) }
    switch ending {
    case .done(let links, let note): return .done(call.input, links, note: note)
    case .stop(let reason): return .stop(reason)
    }
  }
}
