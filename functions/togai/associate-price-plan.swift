import StepKit
import Togai
import Values

/// Gives the customer in Togai what was paid for in another app, once.
@main
enum AssociatePricePlan: Step {
  static func handle(_ call: Invocation<Payment>) throws(Failure) -> Reply<Payment> {
    let ending = try PaymentGrants(call).ending()
    guard let ending = ending.value else { return .ask(ending.effects) }
    switch ending {
    case .done(let links, let note): return .done(call.input, links, note: note)
    case .stop(let reason): return .stop(reason)
    }
  }
}
