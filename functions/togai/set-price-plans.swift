import StepKit
import Togai
import Values

/// Gives the customer's account in Togai the price plans of the customer's subscriptions in another app.
@main
enum SetPricePlans: Step {
  static func handle(_ call: Invocation<Subscriptions>) throws(Halt) -> Reply<Subscriptions> {
    try SubscriptionPlans(call).reply()
  }
}
