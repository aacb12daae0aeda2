import Foundation
import Processes
public import Records
public import Setup
import StepKit
import Store
import Values

/// Executes runs on a number of threads, in the order of a ``LaneQueue``.
///
/// The lock of `condition` guards all mutable state, which the compiler cannot check.
public final class Scheduler: @unchecked Sendable {
  /// Signals workers, once for each run to execute.
  private let condition = NSCondition()
  /// Signals that no run is left, or that all workers have stopped.
  private let idle = NSCondition()
  private var queue = LaneQueue()
  /// The runs that were passed to another worker, by id.
  private var passed: [String: PassedRun] = [:]
  /// Whether a worker makes the first calls of new runs.
  private var isMakingFirstCalls = false
  private var isStopping = false
  private var workers = 0
  /// The number of runs that are being executed or committed.
  private var active = 0
  /// The time at which a worker will wake up; the others sleep until they are signaled.
  private var wakeUp: Timestamp?

  let executor: RunExecutor
  private let store: RunStore
  private let clock: WallClock
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
      condition.signal()
    }
  }

  /// Makes a waiting run due now.
  public func expedite(_ run: Run) {
    locked {
      queue.expedite(run, at: clock.now())
      condition.signal()
    }
  }

  /// The number of runs that wait or are being executed.
  public var count: Int { locked { queue.count } }

  /// Starts a number of worker threads.
  public func start(threads: Int) {
    locked { workers += threads }
    for _ in 0..<threads {
      let thread = Thread { [self] in
        while let task = next() { perform(task) }
        locked { workers -= 1 }
        signalIdle()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Stops the workers after their current calls, and waits for them for a number of seconds at most.
  ///
  /// The open runs remain in the store.
  public func stop(within seconds: Double) {
    locked {
      isStopping = true
      condition.broadcast()
    }
    _ = wait(within: seconds) { [self] in workers == 0 && active == 0 }
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

  private func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  private func signalIdle() {
    idle.lock()
    idle.broadcast()
    idle.unlock()
  }

  /// Changes the queue, and signals a worker for each lane that became due, or for first calls.
  private func changeQueue(_ change: (inout LaneQueue) -> Void) {
    let scheduled = queue.scheduled
    change(&queue)
    for _ in scheduled..<queue.scheduled { condition.signal() }
    if queue.hasFresh, !isMakingFirstCalls { condition.signal() }
  }
}

// MARK: - Workers

extension Scheduler {
  /// The next task of a worker.
  private enum Task {
    /// Execute a run, which may have been passed by another worker.
    case execute(LaneQueue.Claim, PassedRun?)
    /// Make the first calls of new runs; one worker at a time does.
    case makeFirstCalls
  }

  private func perform(_ task: Task) {
    switch task {
    case .execute(let claim, let passed):
      execute(claim) { () throws(Problem) in
        switch passed {
        case nil: try executor.execute(try store.run(claim.item.run), isStopping: stopsNow)
        case .unstarted(let run): try executor.execute(run, isStopping: stopsNow)
        case .started(let execution, let reply):
          try executor.execute(execution, after: reply, isStopping: stopsNow)
        }
      }
    case .makeFirstCalls: makeFirstCalls()
    }
  }

  func stopsNow() -> Bool { locked { isStopping } }

  /// Waits for the next task; nil when the scheduler stops.
  private func next() -> Task? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping {
      if let claim = queue.claimDue(at: clock.now()) {
        active += 1
        // Another worker waits for the next due run.
        if queue.nextDue != nil { condition.signal() }
        return .execute(claim, passed.removeValue(forKey: claim.item.run))
      }
      if !isMakingFirstCalls, queue.hasFresh {
        isMakingFirstCalls = true
        // This worker may have been the one that waited for the next due run.
        if queue.nextDue != nil, wakeUp == nil { condition.signal() }
        return .makeFirstCalls
      }
      sleep()
    }
    return nil
  }

  /// Sleeps until a signal or, unless another worker does, until the next run is due.
  private func sleep() {
    guard let due = queue.nextDue, wakeUp.map({ due < $0 }) ?? true else {
      return condition.wait()
    }
    wakeUp = due
    _ = condition.wait(until: date(of: due))
    wakeUp = nil
  }

  /// The time to wake up, within an hour: distant dates overflow in the wait.
  private func date(of due: Timestamp) -> Date {
    let wait = due.milliseconds - clock.now().milliseconds
    return Date().addingTimeInterval(Double(min(max(wait, 1), 3_600_000)) / 1000 / clock.speed)
  }

  /// Executes a run, and returns while its changes are being committed.
  func execute(
    _ claim: LaneQueue.Claim, _ body: () throws(Problem) -> (run: Run, changes: [Change])
  ) {
    do throws(Problem) {
      let (run, changes) = try body()
      guard !changes.isEmpty else { return finish(claim, run) }
      try store.home.commit(changes) { [self] problem in
        if let problem { retryLater(claim, problem) } else { finish(claim, run) }
      }
    } catch {
      retryLater(claim, error)
    }
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

// MARK: - Queue

extension Scheduler {
  /// Claims the next new run; nil if there is none or the scheduler stops.
  func claimFresh() -> (LaneQueue.Claim, Run)? {
    locked {
      guard !isStopping, let (claim, run) = queue.claimFresh() else { return nil }
      active += 1
      return (claim, run)
    }
  }

  /// Passes a claimed run to another worker.
  func pass(_ claim: LaneQueue.Claim, _ run: PassedRun) {
    locked {
      active -= 1
      passed[claim.item.run] = run
      changeQueue { $0.pass(claim) }
    }
  }

  /// Ends the making of first calls if no new run is left; whether it did.
  func endFirstCalls() -> Bool {
    locked {
      guard !queue.hasFresh || isStopping else { return false }
      isMakingFirstCalls = false
      return true
    }
  }

  /// Passes the making of first calls to another worker.
  func passFirstCalls() {
    locked {
      isMakingFirstCalls = false
      if queue.hasFresh { condition.signal() }
    }
  }
}
