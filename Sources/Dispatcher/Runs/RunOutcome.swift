import Records
import Store

/// The outcome of executing a run for a while.
enum RunOutcome {
  /// It has ended or waits in the store, with the changes to commit.
  case rests(Run, [Change])
  /// It waits in memory for the resource that its execution wants.
  case suspended(RunExecution)
}
