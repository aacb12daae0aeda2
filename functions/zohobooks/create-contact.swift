import StepKit
import Values
import Zohobooks

/// Creates the contact in Zoho Books for a customer of another app, once.
@main
enum CreateContact: Step {
  static func handle(_ call: Invocation<Customer>) throws(Halt) -> Reply<Customer> {
    try ContactCreation(call).reply()
  }
}
