import StepKit
import Values
import Zohobooks

/// Makes in Zoho Books the contact for a customer that another app already has, once.
@main
enum CreateContact: Step {
  static func handle(_ call: Invocation<Customer>) throws(Failure) -> Reply<Customer> {
    let made = try ContactCreation(call).result()
    guard let made = made.value else { return .ask(made.effects) }

    var customer = call.input
    customer.ids[Zohobooks.name] = made.id
    return .done(customer, made.links, note: made.note)
  }
}
