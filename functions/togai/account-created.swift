import StepKit
import Togai
import Values

/// Starts when an account is created in Togai.
@main
enum AccountCreated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<Customer> {
    let event = TogaiEvent(call.input)
    guard let id = event.account else { return .stop("the event is no account's: \(event.kind)") }

    let reading = try TogaiAccount(id, call.answers).reading()
    guard let reading = reading.value else { return .ask(reading.effects) }
    switch reading {
    case .customer(let customer): return .done(customer)
    case .nothing(let reason): return .stop(reason)
    }
  }
}
