import Setup
public import Store
public import Values

extension RunStore {
  /// The end of an open run whose cancellation a person has asked for; nil if nobody has.
  public func canceled(
    _ run: Run, now: Timestamp
  ) throws(Problem) -> (run: Run, changes: [Change])? {
    guard run.body == nil, let request = try RunRequest.find(run.id, in: home),
      request.action == .cancel
    else { return nil }
    return try cancel(run, by: request.person, now: now)
  }

  /// Ends an open run: it is canceled, or parked if a change may have happened.
  ///
  /// Only the process that executes the runs of the home may commit the changes.
  public func cancel(
    _ run: Run, by person: String?, now: Timestamp
  ) throws(Problem) -> (run: Run, changes: [Change]) {
    var run = run
    let parked = try Ledger(home: home, run: run.id, step: run.step)
      .parkingOfAllUnderway
    let reason =
      parked.isEmpty
      ? "canceled" : "canceled, and nobody knows whether a change that was sent has happened"
    let changes = run.end(parked.isEmpty ? .canceled : .parked, reason, at: now, by: person)
    return (run, parked + changes + [RunRequest.remove(run.id)])
  }
}
