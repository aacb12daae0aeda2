import Records
import StepKit
import Values

/// A run that one worker passes to another.
enum PassedRun: Sendable {
  /// A new run with its body, whose first call needs a worker of its own.
  case unstarted(Run)
  /// The execution of a new run after the reply to its first call.
  case started(RunExecution, Reply<JSON>)
  /// An execution that waited for a resource and may use it now.
  case admitted(RunExecution, ResourceUse)
  /// An execution that waited long for a resource that does not answer, with the reason.
  case tired(RunExecution, String)
}
