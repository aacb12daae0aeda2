import StepKit
import Togai
import Values

/// Creates the customer in Togai for a customer of another app, once.
@main
enum CreateCustomer: Step {
  static func handle(_ call: Invocation<Customer>) throws(Halt) -> Reply<Customer> {
    try CustomerCreation(of: call.input, CustomerOptions(call), call.answers).result()
      .reply(call.input)
  }
}
