import StepKit
import Togai
import Values

/// Applies a change of a customer in another app to the customer and the account in Togai.
@main
enum UpdateCustomer: Step {
  static func handle(_ call: Invocation<Customer>) throws(Halt) -> Reply<Customer> {
    try CustomerUpdate(of: call.input, CustomerOptions(call), call.answers).result()
      .reply(call.input)
  }
}
