import StepKit
import Togai
import Values

/// Grants the customer in Togai the items that a payment in another app paid for, once.
@main
enum AssociatePricePlan: Step {
  static func handle(_ call: Invocation<Payment>) throws(Halt) -> Reply<Payment> {
    try PaymentGrants(call).reply()
  }
}
