import Dispatcher
import Operations
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
  let throttle: Throttle
  /// Makes reconciliations while pages are shown.
  let reconciliations: ReconciliationRunner
  /// Reads what webhooks did not bring while pages are shown.
  let catchUp: CatchUpRunner

  init(registry: Registry, caller: any StepCaller, options: ConsoleOptions) {
    (self.registry, self.caller, self.options) = (registry, caller, options)
    throttle = Throttle(uptime: options.clock.uptime)
    reconciliations = ReconciliationRunner(registry, caller: caller, clock: options.clock)
    catchUp = CatchUpRunner(registry, caller: caller, clock: options.clock)
  }
}
