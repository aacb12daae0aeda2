import Lanes
public import Records
public import Setup
import Store
public import Values

/// Carries runs one call at a time on the caller's thread: for a simulation, which chooses the order.
///
/// It has the lanes and the executor of ``Scheduler`` and no thread. A caller may use it again while it
/// is in ``step(_:)``, for instance from the transport: the run that is being advanced is taken out.
public final class SteppingScheduler {
  /// A run that is being carried.
  private struct Active {
    let claim: LaneQueue.Claim
    /// Nil before its first call.
    var execution: RunExecution?
    /// How it goes on after it has waited in memory.
    var passed: PassedRun?
  }

  private var queue = LaneQueue()
  private var active: [Active] = []
  private let executor: RunExecutor
  private let store: RunStore
  private let clock: WallClock

  /// A scheduler without runs.
  public init(executor: RunExecutor, store: RunStore, clock: WallClock) {
    self.executor = executor
    self.store = store
    self.clock = clock
  }

  /// The number of runs that wait or are being carried.
  public var count: Int { queue.count }

  /// The number of runs that are being carried: ``step(_:)`` takes an index below it.
  public var activeCount: Int { active.count }

  /// The id of a run that is being carried.
  public func activeRun(_ index: Int) -> String { active[index].claim.item.run }

  /// When the next waiting run is due; nil if none is.
  public var nextDue: Timestamp? {
    if queue.hasFresh { return clock.now() }
    return [queue.nextDue, executor.admissions.nextTurn].compactMap(\.self).min()
  }

  /// Whether it has the run and has not ended it.
  public func has(_ run: String) -> Bool { queue.contains(run) }

  /// Adds open runs; those that it has already are not added again.
  public func add(_ runs: [Run]) { for run in runs { queue.add(run) } }

  /// Makes the runs due that wait for a person.
  public func recheckWaiting() { queue.recheckWaiting(at: clock.now()) }

  /// Begins to carry the next run that is due.
  ///
  /// - Returns: its id; nil if none is due.
  public func begin() -> String? {
    if let (run, how) = executor.admissions.next() {
      active.append(Active(claim: run.claim, passed: how))
      return run.claim.item.run
    }
    guard let claim = queue.claimDue(at: clock.now()) ?? queue.claimFresh()?.claim else {
      return nil
    }
    active.append(Active(claim: claim))
    return claim.item.run
  }

  /// Makes the next call of a run that is being carried, and performs what the reply asks for.
  ///
  /// - Returns: the run once it has ended or waits; nil if it has further calls, or is tried again in a
  ///   minute since the store cannot be used.
  public func step(_ index: Int) -> Run? {
    var current = active.remove(at: index)
    do throws(Problem) {
      if let passed = current.passed {
        (current.passed, current.execution) = (nil, try resume(passed))
      } else if current.execution == nil {
        current.execution = try begin(current.claim)
      }
      guard let execution = current.execution else {
        return try end(current.claim, executor.execute(run(of: current.claim)))
      }
      guard try executor.call(execution) else {
        return try end(current.claim, executor.outcome(of: execution))
      }
      active.append(current)
    } catch {
      let later = clock.now().adding(seconds: 60)
      queue.release(current.claim, .waits(until: later, forPerson: false), at: clock.now())
    }
    return nil
  }

  // MARK: Private

  private func run(of claim: LaneQueue.Claim) throws(Problem) -> Run {
    guard let run = claim.item.prefetched else { return try store.run(claim.item.run) }
    return run
  }

  /// The execution of a run; nil if it cannot even begin.
  private func begin(_ claim: LaneQueue.Claim) throws(Problem) -> RunExecution? {
    let run = try run(of: claim)
    guard run.status == .pending else { return nil }
    do throws(Problem) {
      return try executor.start(run)
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      return nil
    }
  }

  /// Lets an execution go on with what it waited for, up to its next call.
  private func resume(_ passed: PassedRun) throws(Problem) -> RunExecution? {
    switch passed {
    case .unstarted: return nil
    case .started(let execution, let reply):
      try execution.resume(with: reply)
      return execution
    case .admitted(let execution, let use):
      try executor.resume(execution, with: use)
      return execution
    case .tired(let execution, let reason):
      execution.giveUpWaiting(reason)
      return execution
    }
  }

  /// Ends the carrying of a run; nil if it waits in memory.
  private func end(
    _ claim: LaneQueue.Claim, _ outcome: RunOutcome
  ) throws(Problem) -> Run? {
    guard case .rests(let run, let changes) = outcome else {
      if case .suspended(let execution) = outcome {
        executor.admissions.suspend(SuspendedRun(claim: claim, execution: execution))
      }
      return nil
    }
    if !changes.isEmpty { _ = try store.home.commit(changes) }
    let forPerson = run.waitsForSomebody
    queue.release(
      claim,
      run.status != .pending
        ? .ended
        : run.lane == claim.lane
          ? .waits(until: run.due, forPerson: forPerson)
          : .moved(lane: run.lane, until: run.due, forPerson: forPerson), at: clock.now())
    return run
  }
}
