import Records
import StepKit
import Values

/// A new run that the worker of first calls passes to another worker.
enum PassedRun: Sendable {
  /// The run with its body, whose first call needs a worker of its own.
  case unstarted(Run)
  /// The execution after the reply to its first call.
  case started(RunExecution, Reply<JSON>)
}
