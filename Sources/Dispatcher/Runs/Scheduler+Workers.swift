import Foundation
import Lanes
import Records
import Setup
import Values

/// The threads that execute runs.
extension Scheduler {
  /// The next task of a worker.
  private enum Task {
    /// Execute a run, which may have been passed by another worker.
    case execute(LaneQueue.Claim, PassedRun?)
    /// Make the first calls of new runs; one worker at a time does.
    case makeFirstCalls
  }

  /// Starts a worker; the lock must be held.
  func startWorker() {
    workers.alive += 1
    let thread = Thread { [self] in
      while let task = next() {
        perform(task)
        locked { workers.working -= 1 }
      }
      locked { workers.alive -= 1 }
      signalIdle()
    }
    thread.stackSize = 4 << 20
    thread.start()
  }

  private func perform(_ task: Task) {
    switch task {
    case .makeFirstCalls: makeFirstCalls()
    case .execute(let claim, let passed):
      CrashNotes.naming(claim.item.run) {
        execute(claim) { () throws(Problem) in
          guard let passed else {
            return try executor.execute(try store.run(claim.item.run), isStopping: stopsNow)
          }
          return try executor.execute(passed, isStopping: stopsNow)
        }
      }
    }
  }

  /// Waits for the next task; nil when the worker is to end.
  private func next() -> Task? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping {
      if workers.mayWork, let task = takeTask() {
        workers.working += 1
        if needsWorker { offer() }
        return task
      }
      guard workers.mayWait else { return nil }
      sleep()
    }
    return nil
  }

  private func takeTask() -> Task? {
    if let (run, how) = executor.admissions.next() {
      active += 1
      return .execute(run.claim, how)
    }
    if let claim = queue.claimDue(at: clock.now()) {
      active += 1
      return .execute(claim, passed.removeValue(forKey: claim.item.run))
    }
    guard queue.hasFresh, !isMakingFirstCalls else { return nil }
    isMakingFirstCalls = true
    return .makeFirstCalls
  }

  /// The time at which the next task is to be taken up; nil if none waits.
  private var nextTime: Timestamp? {
    if queue.hasFresh, !isMakingFirstCalls { return clock.now() }
    return [queue.nextDue, executor.admissions.nextTurn].compactMap(\.self).min()
  }

  /// Whether there is work that no worker waits for.
  private var needsWorker: Bool {
    guard let time = nextTime else { return false }
    return wakeUp.map { time < $0 } ?? true
  }

  /// Sleeps until a signal or, unless another worker does, until the next task is due, a second at most.
  ///
  /// glibc before 2.41 can lose a signal (bug 25847), so one worker looks each second.
  private func sleep() {
    workers.waiting += 1
    defer { workers.waiting -= 1 }
    let look = clock.now().adding(seconds: 1)
    let due = min(nextTime ?? look, look)
    guard wakeUp.map({ due < $0 }) ?? true else { return condition.wait() }
    wakeUp = due
    _ = condition.wait(until: date(of: due))
    wakeUp = nil
  }

  private func date(of due: Timestamp) -> Date {
    let wait = max(due.milliseconds - clock.now().milliseconds, 1)
    return Date().addingTimeInterval(Double(wait) / 1000 / clock.speed)
  }

  /// Signals a worker that waits, or starts one if none does; the lock must be held.
  func offer() {
    if workers.waiting > 0 {
      condition.signal()
    } else if workers.mayStart, !isStopping {
      startWorker()
    }
  }

  func offerWork() { locked { if needsWorker { offer() } } }

  /// Notes that a worker begins or ends to wait for a server or a program.
  func block(_ isBeginning: Bool) {
    locked {
      workers.working += isBeginning ? -1 : 1
      workers.blocked += isBeginning ? 1 : -1
      if isBeginning, needsWorker { offer() }
    }
  }

  /// Changes the queue, and signals a worker for each lane that became due, or for first calls.
  func changeQueue(_ change: (inout LaneQueue) -> Void) {
    let scheduled = queue.scheduled
    change(&queue)
    for _ in scheduled..<queue.scheduled { offer() }
    if queue.hasFresh, !isMakingFirstCalls { offer() }
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
      if queue.hasFresh { offer() }
    }
  }
}
