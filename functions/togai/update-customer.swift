import StepKit
import Togai
import Values

/// Carries a change of a customer in another app to the customer and the account in Togai.
@main
enum UpdateCustomer: Step {
  static func handle(_ call: Invocation<Customer>) throws(Failure) -> Reply<Customer> {
    let update = CustomerUpdate(of: call.input, CustomerOptions(call), call.answers)
    let made = try update.result()
    guard let made = made.value else { return .ask(made.effects) }

    var customer = call.input
    customer.ids[Togai.name] = made.id
    return .done(customer, made.links, note: made.note)
  }
}
