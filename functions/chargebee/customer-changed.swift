import Chargebee
import StepKit
import Values

/// Starts when a customer changes in Chargebee.
@main
enum CustomerChanged: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Customer> {
    try CustomerEvent(call.input, types: "customer_changed").reply()
  }
}
