import Chargebee
import StepKit
import Values

/// Adds a promotional credit in Chargebee for a credit of another app, once.
@main
enum AddCredit: Step {
  static func handle(_ call: Invocation<Credit>) throws(Halt) -> Reply<Credit> {
    try PromotionalCredit(call).reply()
  }
}
