import StepKit
import Togai
import Values

/// Reads a page of Togai's new customers, as events of their accounts.
@main
enum Accounts: Step {
  static func handle(_ call: Invocation<Poll>) throws(Halt) -> Reply<EventPage> {
    .done(try NewAccounts(call.input, at: call.at, call.answers).page())
  }
}
