import Catalog
import FoundationEssentials
import Records
import Setup
import StepKit
import Store
import Values

extension RunExecutor {
  /// Ends a run for good, together with other changes.
  func end(
    _ run: inout Run, _ status: Run.Status, _ reason: String?, with changes: [Change]
  ) -> Verdict {
    rest = changes + ending(&run, status, reason)
    return .rests
  }

  /// The changes that end a run for good.
  func ending(_ run: inout Run, _ status: Run.Status, _ reason: String?) -> [Change] {
    run.end(status, reason, at: clock.now())
  }

  /// Ends a run that cannot go on: parked, if a change is in doubt that only a person can settle.
  func fail(_ run: inout Run, _ reason: String, _ ledger: Ledger) -> Verdict {
    let parked = ledger.parking
    return end(&run, parked.isEmpty ? .failed : .parked, reason, with: ledger.pending + parked)
  }

  /// Puts a run off, or ends it where patience is at its end.
  func wait(_ run: inout Run, _ delay: Delay, _ ledger: Ledger) -> Verdict {
    let now = clock.now()
    var changes = ledger.pending
    if isApart(run) { run.stepAside() }
    switch delay {
    case .throttled(let until): run.wait(for: .limit, until: until, at: now)
    case .paused(let reason):
      run.wait(for: .person, until: now.adding(seconds: Self.pauseLook), reason, at: now)
      run.stepAside()
    case .trouble(let reason, let after):
      guard postpone(&run, reason, after, ledger) else { return .rests }
      // What was read a while ago may no longer be so.
      let since = run.failingSince ?? now
      if now > since.adding(seconds: Self.freshness) { changes += ledger.forgetting() }
    case .again(let reason, let after):
      guard postpone(&run, reason, after, ledger) else { return .rests }
      changes += ledger.forgetting()
    }
    rest = changes + [run.update]
    return .rests
  }

  /// Whether nothing that is left of a run touches what others do: they need not wait for it then.
  private func isApart(_ run: Run) -> Bool {
    guard let way = try? itineraries.itinerary(of: run.flowConnection) else { return false }
    return way.stops.dropFirst(run.step).allSatisfy { !$0.connection.app.hasAccounts }
  }

  /// Lets a run wait until its flow connection is enabled again.
  func waitDisabled(_ run: inout Run) throws(Problem) -> Run {
    let name = run.flowConnection
    let reason = "\(name) is disabled; `meterbridge flow enable \(name)` lets its runs go on"
    let ledger = try ledger(of: run)
    _ = wait(&run, .paused(reason), ledger)
    return run
  }

  /// The effects of the step that is next.
  func ledger(of run: Run) throws(Problem) -> Ledger {
    try Ledger(home: registry.home, run: run.id, step: run.step, isNew: run.body != nil)
  }

  /// Sets when a run is tried next; false where patience is at its end, and the run with it.
  private func postpone(
    _ run: inout Run, _ reason: String, _ after: Int?, _ ledger: Ledger
  ) -> Bool {
    let now = clock.now()
    let since = run.failingSince ?? now
    run.attempts += 1
    run.failingSince = since
    guard let next = backoff.next(attempts: run.attempts, after: after, now: now, since: since)
    else {
      let words = "\(reason); tried \(run.attempts) times since \(since.text)"
      _ = fail(&run, words, ledger)
      return false
    }
    run.wait(for: .retry, until: next, reason, at: now)
    return true
  }

  /// Seconds for which an answer to a read is good enough to go on with after trouble.
  private static let freshness = 600
  /// Seconds until a run of a paused connection, or of a disabled flow, looks again whether it may go on.
  private static let pauseLook = 15
}
