import Chargebee
import StepKit
import Values

/// Starts when a customer is created in Chargebee.
@main
enum CustomerCreated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Customer> {
    try CustomerEvent(call.input, type: "customer_created").reply()
  }
}
