import Dispatcher
import Setup

/// What all pages use.
struct ConsoleServices: Sendable {
  /// The set-up of the home.
  let registry: Registry
  /// Calls the steps of plans and replays.
  let caller: any StepCaller
  /// The options of the console.
  let options: ConsoleOptions
  /// Slows down those who guess passwords.
  let throttle = Throttle()
}
