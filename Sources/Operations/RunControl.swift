public import Records
public import Setup
import Store
public import Values

/// What a person may do to runs, whether or not another process executes the runs of the home.
///
/// If one does, it is asked; otherwise the runs are changed at once.
public final class RunControl {
  private let store: RunStore
  private let person: String?
  private let clock: WallClock
  /// The lock of the home; nil if another process has it.
  private let lock: DispatcherLock?

  /// Begins to control the runs of a home; the activity log names the person.
  public init(home: Home, person: String?, clock: WallClock = .system) {
    store = RunStore(home: home, person: person)
    self.person = person
    self.clock = clock
    lock = try? DispatcherLock(home: home)
  }

  deinit { lock?.release() }

  /// Whether another process executes the runs, and does what is asked a moment later.
  public var asksAnother: Bool { lock == nil }

  /// Continues a run that has ended, or tries one again now that waits.
  ///
  /// - Returns: The run, pending.
  /// - Throws: As `RunStore.retry`.
  public func retry(_ id: String, from step: Int? = nil) throws(Problem) -> Run {
    var run = try store.run(id)
    guard run.status == .pending, step == nil else {
      return try store.retry(id, from: step, now: clock.now())
    }
    guard lock != nil else {
      _ = try store.home.commit([RunRequest(.retry, id, by: person).put])
      return run
    }
    run.due = min(run.due, clock.now())
    _ = try store.home.commit([run.update])
    return run
  }

  /// Ends a run that has not ended.
  ///
  /// - Returns: The run, which is still pending if another process was asked.
  /// - Throws: A `refused` problem if it has ended.
  public func cancel(_ id: String) throws(Problem) -> Run {
    let run = try store.run(id)
    guard run.status == .pending else {
      let hint = run.needsAttention ? "; `meterbridge attention acknowledge \(id)` settles it" : ""
      throw Problem(.refused, "run \(id) has ended: it is \(run.status.rawValue)\(hint)")
    }
    guard lock != nil else {
      _ = try store.home.commit([RunRequest(.cancel, id, by: person).put])
      return run
    }
    let (canceled, changes) = try store.cancel(run, by: person, now: clock.now())
    _ = try store.home.commit(changes)
    return canceled
  }
}
