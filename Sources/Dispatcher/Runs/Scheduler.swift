import Foundation
import Lanes
import Processes
public import Records
public import Setup
import StepKit
import Store
import Values

/// Executes runs on a number of threads, in the order of a ``LaneQueue``.
///
/// A run that waits for a server, a program or a rate limit holds no thread that others need: see
/// ``Admissions`` and ``WorkerCounts``. The lock of `condition` guards all mutable state, which the
/// compiler cannot check.
public final class Scheduler: @unchecked Sendable {
  /// Signals workers, once for each run to execute.
  let condition = NSCondition()
  /// Signals that no run is left, or that all workers have stopped.
  private let idle = NSCondition()
  var queue = LaneQueue()
  /// The runs that were passed to another worker, by id.
  var passed: [String: PassedRun] = [:]
  /// Whether a worker makes the first calls of new runs.
  var isMakingFirstCalls = false
  private(set) var isStopping = false
  var workers = WorkerCounts()
  /// The number of runs that are being executed or committed.
  var active = 0
  /// The time at which a worker will wake up; the others sleep until they are signaled.
  var wakeUp: Timestamp?

  let executor: RunExecutor
  let store: RunStore
  let clock: WallClock
  private let instruments: (any Instruments)?
  private let report: @Sendable (LogEntry) -> Void

  /// Creates a scheduler of the runs of a home; `report` gets the messages for the operator.
  public init(
    executor: RunExecutor, store: RunStore, clock: WallClock, instruments: (any Instruments)?,
    report: @escaping @Sendable (LogEntry) -> Void
  ) {
    self.executor = executor
    self.store = store
    self.clock = clock
    self.instruments = instruments
    self.report = report
    executor.admissions.attach(
      Admissions.Hooks(
        wake: { [weak self] in self?.offerWork() },
        block: { [weak self] in self?.block($0) }, report: report))
  }

  /// Adds open runs, except those that were added before.
  public func add(_ runs: [Run]) {
    guard !runs.isEmpty else { return }
    locked { changeQueue { queue in for run in runs { queue.add(run) } } }
  }

  /// Whether a run was added and has not ended.
  public func has(_ run: String) -> Bool { locked { queue.contains(run) } }

  /// Makes the runs that wait for a person due now.
  public func recheckWaiting() {
    locked {
      queue.recheckWaiting(at: clock.now())
      offer()
    }
  }

  /// Makes a waiting run due now.
  public func expedite(_ run: Run) {
    locked {
      queue.expedite(run, at: clock.now())
      offer()
    }
  }

  /// Ends a run that waits in memory, if a person has canceled it.
  public func recall(_ run: String) {
    guard let waiter = executor.admissions.recall(run) else { return }
    locked { active += 1 }
    execute(waiter.claim) { () throws(Problem) in
      try executor.outcome(ofRecalled: waiter.execution)
    }
  }

  /// The number of runs that wait or are being executed.
  public var count: Int { locked { queue.count } }

  /// Whether one more run of a lane may be added when a number in all may wait.
  public func hasRoom(in lane: String, of most: Int) -> Bool {
    locked { queue.hasRoom(in: lane, of: most) }
  }

  /// Starts a number of worker threads.
  ///
  /// Further ones start while some wait for a server or a program, so that as many work as wanted.
  public func start(threads: Int) {
    locked {
      workers.most += threads
      for _ in 0..<threads { startWorker() }
    }
  }

  /// Begins to stop: no worker makes another call.
  public func beginStop() {
    locked {
      isStopping = true
      condition.broadcast()
    }
  }

  /// Stops the workers after their current calls, and waits for them for a number of seconds at most.
  ///
  /// The open runs remain in the store.
  public func stop(within seconds: Double) {
    beginStop()
    _ = wait(within: seconds) { [self] in workers.alive == 0 && active == 0 }
  }

  /// Waits until no run is left, for a number of seconds at most; false if one is left.
  public func waitUntilIdle(within seconds: Double) -> Bool {
    wait(within: seconds) { [self] in queue.count == 0 }
  }

  private func wait(within seconds: Double, until isMet: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    idle.lock()
    defer { idle.unlock() }
    while !locked(isMet) {
      guard idle.wait(until: end) else { return locked(isMet) }
    }
    return true
  }

  func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  func signalIdle() {
    idle.lock()
    idle.broadcast()
    idle.unlock()
  }

  func stopsNow() -> Bool { locked { isStopping } }
}

// MARK: - Results

extension Scheduler {
  /// Executes a run, and returns while its changes are being committed.
  func execute(_ claim: LaneQueue.Claim, _ body: () throws(Problem) -> RunOutcome) {
    do throws(Problem) {
      switch try body() {
      case .suspended(let execution): suspend(claim, execution)
      case .rests(let run, let changes):
        guard !changes.isEmpty else { return finish(claim, run) }
        try store.home.commit(changes) { [self] problem in
          if let problem { retryLater(claim, problem) } else { finish(claim, run) }
        }
      }
    } catch {
      retryLater(claim, error)
    }
  }

  /// Lets a run wait in memory; its lane waits with it.
  func suspend(_ claim: LaneQueue.Claim, _ execution: RunExecution) {
    let isIdle = locked {
      active -= 1
      return isStopping && active == 0
    }
    executor.admissions.suspend(SuspendedRun(claim: claim, execution: execution))
    if isIdle { signalIdle() }
  }

  private func finish(_ claim: LaneQueue.Claim, _ run: Run) {
    let now = clock.now()
    instruments?.runExecuted(run, at: now)
    if let news = run.news(at: now) { report(news) }
    let forPerson = run.waitsForSomebody
    release(
      claim,
      run.status != .pending
        ? .ended
        : run.lane == claim.lane
          ? .waits(until: run.due, forPerson: forPerson)
          : .moved(lane: run.lane, until: run.due, forPerson: forPerson))
  }

  func retryLater(_ claim: LaneQueue.Claim, _ problem: Problem) {
    report("run \(claim.item.run) will be tried again in a minute: \(problem)")
    release(claim, .waits(until: clock.now().adding(seconds: 60), forPerson: false))
  }

  private func release(_ claim: LaneQueue.Claim, _ release: LaneQueue.Release) {
    let now = clock.now()
    let isIdle = locked {
      active -= 1
      changeQueue { $0.release(claim, release, at: now) }
      return queue.count == 0 || (isStopping && active == 0)
    }
    if isIdle { signalIdle() }
  }
}
