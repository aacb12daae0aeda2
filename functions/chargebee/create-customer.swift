import Chargebee
import StepKit
import Values

/// Creates the customer in Chargebee for a customer of another app, once.
@main
enum CreateCustomer: Step {
  static func handle(_ call: Invocation<Customer>) throws(Halt) -> Reply<Customer> {
    try CustomerCreation(call).reply()
  }
}
