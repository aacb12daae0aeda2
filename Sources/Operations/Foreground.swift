public import Dispatcher
import Foundation
public import Records
public import Setup
import StepKit
import Store
public import Values

/// Carries one event through its flows while somebody waits for it.
public struct Foreground: Sendable {
  private let registry: Registry
  private let functions: any StepCaller
  private let clock: WallClock
  private let person: String?

  /// Works with the runs of a home, for this person.
  public init(
    registry: Registry, functions: any StepCaller, clock: WallClock = .system, person: String? = nil
  ) {
    self.registry = registry
    self.functions = functions
    self.clock = clock
    self.person = person
  }

  /// Takes an event and carries its runs; gives them as they are when each has ended or must wait.
  public func dispatch(_ body: JSON, from connection: Connection) throws(Problem) -> [Run] {
    try carry(take(body, from: connection))
  }

  /// Takes an event, so that its runs can be carried.
  ///
  /// - Throws: the reason why it is not taken.
  public func take(_ body: JSON, from connection: Connection) throws(Problem) -> Intake.Receipt {
    let receipt = Intake(registry: registry, clock: clock, person: person)
      .take(body, from: connection)
    if case .refused(let problem) = receipt { throw problem }
    return receipt
  }

  /// Carries the runs of an event that was taken; gives them as they are when each has ended or must
  /// wait.
  ///
  /// Where another process carries the runs of the home, it carries these too, and is waited for.
  public func carry(_ receipt: Intake.Receipt) throws(Problem) -> [Run] {
    let lock = try? DispatcherLock(home: registry.home)
    defer { lock?.release() }
    guard lock != nil else {
      return try receipt.runs.map { (run) throws(Problem) in try wait(for: run) }
    }
    let executor = RunExecutor(
      registry: registry, caller: functions, clock: clock)
    return try receipt.runs.map { (run) throws(Problem) in try carryInTurn(run, executor) }
  }

  /// Carries a run after those that are before it in its lane; where one of them must wait, so must it.
  private func carryInTurn(_ run: Run, _ executor: RunExecutor) throws(Problem) -> Run {
    let book = RunStore(home: registry.home)
    while let other = RunStore.obstacles(among: try book.open())[run.id] {
      let before = try book.run(other)
      guard before.due <= clock.now() else { return run }
      let after = try executor.carry(before)
      guard after.status != .pending || after.lane != before.lane else { return run }
    }
    return try executor.carry(run)
  }

  private func wait(for run: Run) throws(Problem) -> Run {
    let book = RunStore(home: registry.home)
    let bell = DirectoryWatcher(on: registry.home.storePath)
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      let run = try book.run(run.id)
      if run.status != .pending || run.attempts > 0 { return run }
      bell.wait(seconds: end.timeIntervalSinceNow)
      try registry.home.with { (store) throws(StoreError) in try store.waitForWriter() }
    }
    return try book.run(run.id)
  }
}
