public import Dispatcher
import Foundation
public import Records
public import Setup
import StepKit
import Store
public import Values

/// Runs the flows of one event while the user waits.
public struct Foreground: Sendable {
  private let registry: Registry
  private let caller: any StepCaller
  private let clock: WallClock
  private let person: String?

  /// Creates a foreground dispatcher of a home; `person` is the user, for the activity log.
  public init(
    registry: Registry, caller: any StepCaller, clock: WallClock = .system, person: String? = nil
  ) {
    self.registry = registry
    self.caller = caller
    self.clock = clock
    self.person = person
  }

  /// Stores an event and executes its runs, each until it ends or must wait.
  ///
  /// - Throws: as ``take(_:from:)`` and ``execute(_:)``.
  public func dispatch(_ body: JSON, from connection: Connection) throws(Problem) -> [Run] {
    try execute(take(body, from: connection))
  }

  /// Stores an event with its runs.
  ///
  /// - Throws: a `data` problem if the app sends no webhooks or the event is invalid; an `io` or
  ///   `temporary` one if the store cannot be used now.
  public func take(_ body: JSON, from connection: Connection) throws(Problem) -> Intake.Receipt {
    let receipt = Intake(registry: registry, clock: clock, person: person)
      .take(body, from: connection)
    if case .refused(let problem) = receipt { throw problem }
    return receipt
  }

  /// Executes the runs of an event, each until it ends or must wait; if another process executes the
  /// runs of the home, waits for that process, for a minute at most.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  public func execute(_ receipt: Intake.Receipt) throws(Problem) -> [Run] {
    try registry.home.requireFiles(for: "the execution of runs")
    let lock = try? DispatcherLock(home: registry.home)
    defer { lock?.release() }
    guard lock != nil else {
      return try receipt.runs.map { (run) throws(Problem) in try wait(for: run) }
    }
    let executor = RunExecutor(registry: registry, caller: caller, clock: clock)
    return try receipt.runs.map { (run) throws(Problem) in try executeInOrder(run, executor) }
  }

  /// Executes the earlier runs of a lane and then the run, unless one of them must wait.
  private func executeInOrder(_ run: Run, _ executor: RunExecutor) throws(Problem) -> Run {
    let store = RunStore(home: registry.home)
    while let blocking = RunStore.blockingRuns(among: try store.open())[run.id] {
      let before = try store.run(blocking)
      guard before.due <= clock.now() else { return run }
      let after = try executor.advance(before)
      guard after.status != .pending || after.lane != before.lane else { return run }
    }
    return try executor.advance(run)
  }

  private func wait(for run: Run) throws(Problem) -> Run {
    let store = RunStore(home: registry.home)
    let watcher = DirectoryWatcher(on: registry.home.storePath)
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      let run = try store.run(run.id)
      if run.status != .pending || run.attempts > 0 { return run }
      watcher.wait(seconds: end.timeIntervalSinceNow)
      try registry.home.with { (store) throws(StoreError) in try store.waitForWriter() }
    }
    return try store.run(run.id)
  }
}
