import FoundationEssentials
import Step
import Store

extension Carrier {
  /// Ends a run for good, together with other changes.
  func end(
    _ run: inout Run, _ status: Run.Status, _ reason: String?, with changes: [Change]
  ) throws(Problem) -> Verdict {
    run.status = status
    run.reason = reason
    run.note("Run End", status.rawValue.capitalized, at: clock.now(), reason)
    _ = try registry.home.commit(changes + [.put(run.key, run.json), .remove(run.openKey)])
    return .rests
  }

  /// Ends a run that cannot go on: parked, if a change is in doubt that only a person can settle.
  func fail(_ run: inout Run, _ reason: String, _ ledger: Ledger) throws(Problem) -> Verdict {
    let parked = ledger.doubts.map { name, entry in
      var entry = entry
      entry.state = .parked
      return ledger.put(name, entry)
    }
    return try end(&run, parked.isEmpty ? .failed : .parked, reason, with: ledger.pending + parked)
  }

  /// Puts a run off, or ends it where patience is at its end.
  func wait(_ run: inout Run, _ delay: Delay, _ ledger: Ledger) throws(Problem) -> Verdict {
    let now = clock.now()
    var changes = ledger.pending
    switch delay {
    case .throttled(let until): run.due = until
    case .paused(let reason):
      if run.reason != reason { run.note("\(run.stepName) Waits", "Pending", at: now, reason) }
      run.reason = reason
      run.due = now.adding(seconds: Self.pauseLook)
    case .trouble(let reason, let after):
      let since = run.failingSince ?? now
      run.attempts += 1
      run.failingSince = since
      let next = backoff.next(attempts: run.attempts, after: after, now: now, since: since)
      guard let next else {
        return try fail(
          &run, "\(reason); tried \(run.attempts) times since \(since.text)", ledger)
      }
      run.due = next
      run.reason = reason
      run.note("\(run.stepName) Waits", "Pending", at: now, reason)
      changes += ledger.forgetting()
    }
    _ = try registry.home.commit(changes + [.put(run.key, run.json)])
    return .rests
  }

  /// Seconds until a run of a paused connection looks again whether it may go on.
  private static let pauseLook = 15
}
