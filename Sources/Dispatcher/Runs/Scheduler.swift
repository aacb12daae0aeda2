import Foundation
import Processes
public import Records
public import Setup
import StepKit
import Store
import Values

/// Carries runs on a few threads, those of one lane one after another: see ``LaneQueue``.
///
/// All access to what changes is between `lock` and `unlock` of the condition, which the compiler
/// cannot see: hence unchecked.
public final class Scheduler: @unchecked Sendable {
  /// Workers wait for it, each to be woken for one run.
  private let condition = NSCondition()
  /// Those who wait for all runs wait for it.
  private let rest = NSCondition()
  private var queue = LaneQueue()
  /// Whether a worker makes the first calls of new runs.
  private var isOpening = false
  private var isStopping = false
  private var workers = 0
  /// The runs that are being carried, or were and are being written down.
  private var underway = 0
  /// The time at which a sleeping worker will look again; the others sleep until they are woken.
  private var watched: Timestamp?

  let executor: RunExecutor
  private let store: RunStore
  private let clock: WallClock
  private let instruments: any Instruments
  private let report: @Sendable (LogEntry) -> Void

  /// A scheduler of the runs of a home, which reports what a person should know.
  public init(
    executor: RunExecutor, store: RunStore, clock: WallClock, instruments: any Instruments,
    report: @escaping @Sendable (LogEntry) -> Void
  ) {
    self.executor = executor
    self.store = store
    self.clock = clock
    self.instruments = instruments
    self.report = report
  }

  /// Adds open runs; those that it has already are not added again.
  public func add(_ runs: [Run]) {
    guard !runs.isEmpty else { return }
    condition.lock()
    defer { condition.unlock() }
    changeQueue { queue in for run in runs { queue.add(run) } }
  }

  /// Whether it has the run and has not ended it.
  public func has(_ run: String) -> Bool { locked { queue.contains(run) } }

  /// Checks at once whether runs that wait for a person can go on.
  public func recheckWaiting() {
    condition.lock()
    defer { condition.unlock() }
    queue.recheckWaiting(at: clock.now())
    condition.signal()
  }

  /// The number of runs that wait or are being carried.
  public var count: Int { locked { queue.count } }

  /// Starts to carry, on a number of threads.
  public func start(threads: Int) {
    condition.lock()
    workers += threads
    condition.unlock()
    for _ in 0..<threads {
      let thread = Thread { [self] in
        while let task = next() { perform(task) }
        condition.lock()
        workers -= 1
        condition.unlock()
        announce()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Takes up nothing more, and waits a number of seconds at most until nothing is being carried; the
  /// rest is in the store and goes on at the next start.
  public func stop(within seconds: Double) {
    condition.lock()
    isStopping = true
    condition.broadcast()
    condition.unlock()
    _ = wait(within: seconds) { [self] in workers == 0 && underway == 0 }
  }

  /// Waits a number of seconds at most until no run is left; false if one is.
  public func waitUntilIdle(within seconds: Double) -> Bool {
    wait(within: seconds) { [self] in queue.count == 0 }
  }

  private func wait(within seconds: Double, until isSo: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    rest.lock()
    defer { rest.unlock() }
    while !locked(isSo) {
      guard rest.wait(until: end) else { return locked(isSo) }
    }
    return true
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  /// Wakes those who wait for all runs.
  private func announce() {
    rest.lock()
    rest.broadcast()
    rest.unlock()
  }

  /// Changes the queue, and wakes a worker for each lane that is to be carried since; one worker makes the
  /// first calls of all new runs.
  private func changeQueue(_ change: (inout LaneQueue) -> Void) {
    let scheduled = queue.scheduled
    change(&queue)
    for _ in scheduled..<queue.scheduled { condition.signal() }
    if queue.hasFresh, !isOpening { condition.signal() }
  }
}

// MARK: - Workers

extension Scheduler {
  /// What a worker is to do.
  private enum Task {
    /// Carry a run.
    case carry(LaneQueue.Claim)
    /// Make the first calls of new runs, which nobody else does until it ends that.
    case open
  }

  private func perform(_ task: Task) {
    switch task {
    case .carry(let claim):
      let prefetched = claim.item.prefetched
      carry(claim) { () throws(Problem) in
        switch prefetched {
        case .none: try executor.execute(try store.run(claim.item.run), isStopping: stopsNow)
        case .new(let run), .single(let run): try executor.execute(run, isStopping: stopsNow)
        case .begun(let execution, let reply):
          try executor.execute(execution, after: reply, isStopping: stopsNow)
        }
      }
    case .open: makeFirstCalls()
    }
  }

  func stopsNow() -> Bool { locked { isStopping } }

  /// What is to be done next; nil when it is time to stop.
  private func next() -> Task? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping {
      if let claim = queue.claimDue(at: clock.now()) {
        underway += 1
        // Another looks after what comes next.
        if queue.nextDue != nil { condition.signal() }
        return .carry(claim)
      }
      if !isOpening, queue.hasFresh {
        isOpening = true
        // The worker that was woken for this may be the one that watched what is due.
        if queue.nextDue != nil, watched == nil { condition.signal() }
        return .open
      }
      sleep()
    }
    return nil
  }

  /// Sleeps until it is woken or, if no other worker does so, until the next run is due.
  private func sleep() {
    guard let due = queue.nextDue, watched.map({ due < $0 }) ?? true else {
      return condition.wait()
    }
    watched = due
    _ = condition.wait(until: date(of: due))
    watched = nil
  }

  /// When to look; an hour is as good as never, and far dates overflow in the wait.
  private func date(of due: Timestamp) -> Date {
    let wait = due.milliseconds - clock.now().milliseconds
    return Date().addingTimeInterval(Double(min(max(wait, 1), 3_600_000)) / 1000 / clock.speed)
  }

  /// Carries a run, and returns while its end is written down.
  func carry(
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
    instruments.runCarried(run, at: now)
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
    report("run \(claim.item.run) is tried again in a minute: \(problem)")
    release(claim, .waits(until: clock.now().adding(seconds: 60), forPerson: false))
  }

  private func release(_ claim: LaneQueue.Claim, _ release: LaneQueue.Release) {
    condition.lock()
    underway -= 1
    let now = clock.now()
    changeQueue { $0.release(claim, release, at: now) }
    let isIdle = queue.count == 0 || (isStopping && underway == 0)
    condition.unlock()
    if isIdle { announce() }
  }
}

// MARK: - Queue

extension Scheduler {
  func takeFresh() -> (LaneQueue.Claim, Run)? {
    condition.lock()
    defer { condition.unlock() }
    guard !isStopping, let (claim, run) = queue.claimFresh() else { return nil }
    underway += 1
    return (claim, run)
  }

  /// Leaves a run to another worker.
  func pass(_ claim: LaneQueue.Claim, _ prefetched: PrefetchedRun) {
    condition.lock()
    defer { condition.unlock() }
    underway -= 1
    changeQueue { $0.pass(claim, prefetched) }
  }

  /// Ends the making of first calls if there are no more to make; whether it did.
  func endsOpening() -> Bool {
    locked {
      guard !queue.hasFresh || isStopping else { return false }
      isOpening = false
      return true
    }
  }

  /// Leaves the making of first calls to another worker.
  func leaveOpening() {
    condition.lock()
    defer { condition.unlock() }
    isOpening = false
    if queue.hasFresh { condition.signal() }
  }
}
