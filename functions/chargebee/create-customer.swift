import Chargebee
import StepKit
import Values

/// Makes in Chargebee the customer that another app already has, once.
@main
enum CreateCustomer: Step {
  static func handle(_ call: Invocation<Customer>) throws(Failure) -> Reply<Customer> {
    let made = try CustomerCreation(call).result()
    guard let made = made.value else { return .ask(made.effects) }

    var customer = call.input
    customer.ids[Chargebee.name] = made.id
    return .done(customer, made.links, note: made.note)
  }
}
