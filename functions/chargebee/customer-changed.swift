import Chargebee
import StepKit
import Values

/// Starts when a customer changes in Chargebee, or is deleted or moved there.
@main
enum CustomerChanged: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Customer> {
    if let departed = try DepartedCustomer(call) { return try departed.reply() }
    return try CustomerEvent(call.input, types: "customer_changed").reply()
  }
}
