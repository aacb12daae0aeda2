import StepKit
import Togai
import Values

/// Makes in Togai the customer that another app already has, once.
@main
enum CreateCustomer: Step {
  static func handle(_ call: Invocation<Customer>) throws(Failure) -> Reply<Customer> {
    let creation = CustomerCreation(of: call.input, CustomerOptions(call), call.answers)
    let made = try creation.result()
    guard let made = made.value else { return .ask(made.effects) }

    var customer = call.input
    customer.ids[Togai.name] = made.id
    return .done(customer, made.links, note: made.note)
  }
}
