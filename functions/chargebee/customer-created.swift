import Chargebee
import StepKit
import Values

/// Starts when a customer is created in Chargebee, or moved in from another site.
@main
enum CustomerCreated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Customer> {
    try CustomerEvent(call.input, types: "customer_created", "customer_moved_in").reply()
  }
}
