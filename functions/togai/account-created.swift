import StepKit
import Togai
import Values

/// Starts when an account is created in Togai.
@main
enum AccountCreated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Customer> {
    let event = TogaiEvent(call.input)
    guard let id = event.account else { return .stop("the event is no account's: \(event.kind)") }
    return try TogaiAccount(id, call.answers).reply()
  }
}
