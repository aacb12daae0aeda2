import Records
import StepKit
import Values

/// What is known of a run that waits in a lane, so that it need not be read from the store.
enum PrefetchedRun: Sendable {
  /// Nothing: the run is in the store.
  case none
  /// The run as intake made it.
  case new(Run)
  /// The run as intake made it, whose first call needs a worker of its own.
  case single(Run)
  /// The run in the middle of its first step, which has replied.
  case begun(RunExecution, Reply<JSON>)
}
