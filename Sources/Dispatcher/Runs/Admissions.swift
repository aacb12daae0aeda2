import Lanes
import Processes
import Records
import Setup
import StepKit
import Synchronization
import Values

/// Admits runs to connections and steps, by ``Bulkheads``, for any number of threads.
final class Admissions: Sendable {
  /// What the driver of the runs does when something happens here; called by any thread.
  struct Hooks: Sendable {
    /// A run may be able to go on.
    var wake: @Sendable () -> Void = {}
    /// The thread begins or ends to wait for a server or a program.
    var block: @Sendable (_ isBeginning: Bool) -> Void = { _ in }
    /// A message for the operator.
    var report: @Sendable (LogEntry) -> Void = { _ in }
  }

  private let bulkheads: Mutex<Bulkheads<SuspendedRun>>
  private let hooks = Mutex(Hooks())
  private let circuits: Circuits
  private let clock: WallClock

  /// The most requests to a connection at a time.
  private static let requests = 16
  /// The most runs that wait in memory; further ones wait in the store.
  private static let mostWaiting = 20_000
  /// The seconds after which a call or request that came to nothing counts as hung.
  private static let hangTime = 1.0

  init(home: Home, clock: WallClock) {
    circuits = Circuits(home: home)
    self.clock = clock
    bulkheads = Mutex(
      Bulkheads { resource in
        switch resource {
        case .connection: Self.requests
        case .step: 2 * Machine.cores
        }
      })
  }

  func attach(_ hooks: Hooks) { self.hooks.withLock { $0 = hooks } }

  // MARK: Uses

  /// Begins the use of a resource; nil if it must be waited for.
  func begin(_ resource: Resource) -> ResourceUse? {
    let now = clock.now()
    guard bulkheads.withLock({ $0.begin(resource, at: now) }) else { return nil }
    return ResourceUse(of: resource, self)
  }

  func confirm(_ resource: Resource) {
    let others = bulkheads.withLock { bulkheads in
      bulkheads.confirm(resource)
      return bulkheads.count
    }
    if others > 0 { wake() }
  }

  func end(_ resource: Resource, _ end: UseEnd) {
    let now = clock.now()
    let (change, others) = bulkheads.withLock { bulkheads in
      (bulkheads.end(resource, end, at: now), bulkheads.count)
    }
    if let change { note(change, of: resource) }
    if others > 0 { wake() }
  }

  /// Does what waits for a server or a program, so that another thread can do other work meanwhile.
  func blocking<Value>(_ work: () throws(Problem) -> Value) throws(Problem) -> Value {
    let block = hooks.withLock { $0.block }
    block(true)
    defer { block(false) }
    return try work()
  }

  /// How a use ended that began at a time of the monotonic clock and came to nothing.
  func failure(_ reason: String, since start: Double) -> UseEnd {
    clock.uptime() - start >= Self.hangTime ? .hung(reason) : .answered(isGood: false)
  }

  /// Whether a resource has answered well since a time.
  func hasSucceeded(_ resource: Resource, since time: Timestamp) -> Bool {
    bulkheads.withLock { $0.hasSucceeded(resource, since: time) }
  }

  // MARK: Waiting

  /// Whether further runs can wait in memory.
  var hasRoom: Bool { bulkheads.withLock { $0.count } < Self.mostWaiting }

  /// Lets a run wait for the resource that its execution waits for.
  func suspend(_ run: SuspendedRun) {
    guard let wanted = run.execution.wanted else { return }
    let now = clock.now()
    let place = run.place(returns: wanted.returns)
    bulkheads.withLock { $0.wait(run, for: wanted.resource, place, at: now) }
    wake()
  }

  /// The next run that can go on, and how; nil if all must wait.
  func next() -> (run: SuspendedRun, how: PassedRun)? {
    let now = clock.now()
    guard let turn = bulkheads.withLock({ $0.next(at: now) }) else { return nil }
    let execution = turn.waiter.execution
    guard let reason = turn.tired else {
      return (turn.waiter, .admitted(execution, ResourceUse(of: turn.resource, self)))
    }
    return (turn.waiter, .tired(execution, "\(turn.resource) does not answer: \(reason)"))
  }

  /// Takes out a run that waits; nil if it does not wait in memory.
  func recall(_ run: String) -> SuspendedRun? {
    bulkheads.withLock { $0.remove { $0.claim.item.run == run } }
  }

  /// The time at which a run can go on, if nothing else happens before.
  var nextTurn: Timestamp? {
    let now = clock.now()
    return bulkheads.withLock { $0.nextTurn(at: now) }
  }

  // MARK: Private

  private func wake() { hooks.withLock { $0.wake }() }

  /// Stores and reports a change of a circuit breaker.
  private func note(_ change: CircuitChange, of resource: Resource) {
    let name = resource.description
    let report = hooks.withLock { $0.report }
    do throws(Problem) {
      switch change {
      case .opened(let since, let reason):
        try circuits.open(name, reason, at: since)
        report(
          LogEntry(
            .warning, "\(name) does not answer: its runs wait, and one at a time tries: \(reason)",
            reason: reason))
      case .closed:
        try circuits.close(name)
        report(LogEntry(.info, "\(name) answers again"))
      }
    } catch {
      report(LogEntry(.error, "the circuit of \(name) cannot be stored: \(error)"))
    }
  }
}
