import Dispatch
import Synchronization

/// Warm workers of several programs, so that a call need not start a process.
///
/// A worker that misbehaves is killed with its whole process group; its call must then be made by a
/// process of its own, see ``Program/run(input:)``.
public final class WorkerPool: Sendable {
  private struct Idle {
    let worker: Worker
    let since: DispatchTime
  }

  private struct State {
    /// Idle workers, the longest idle first.
    var idle: [Idle] = []
    /// The number of workers, busy or idle.
    var count = 0
    /// The paths of programs that get no workers for now, with the end of that time: they seem to
    /// answer only at the end of their input.
    var distrusted: [String: DispatchTime] = [:]
    var isSweepScheduled = false
  }

  private let options: PoolOptions
  private let state = Mutex(State())

  /// Seconds for which a program gets no workers after a new worker of it timed out.
  private static let distrustTime = 600.0

  /// Seconds for an answer at the end of the input.
  private static let endTime = 0.2

  /// Creates an empty pool.
  public init(_ options: PoolOptions) { self.options = options }

  /// The result of reading a worker's answer to a line, where neither includes a line end.
  ///
  /// ``CallAnswer/none`` if no worker was available, the worker misbehaved, or `read` returned nil.
  public func answer<Answer>(
    of program: Program, to line: [UInt8], read: ([UInt8]) -> Answer?
  ) -> CallAnswer<Answer> {
    guard let worker = take(program) else { return .none }
    let outcome = worker.call(line, by: Deadline(in: program.timeout))
    if case .answer(let bytes) = outcome, let answer = read(bytes) {
      give(back: worker)
      return .answer(answer)
    }
    guard outcome == .timedOut else {
      discard(worker, timedOut: false)
      return .none
    }
    return lateAnswer(of: worker, read)
  }

  /// Gives up a worker that did not answer in time, and reads what it answers at the end of its input, if
  /// it has not answered before.
  func lateAnswer<Answer>(of worker: Worker, _ read: ([UInt8]) -> Answer?) -> CallAnswer<Answer> {
    let bytes = worker.calls == 0 ? worker.answerAtEnd(by: Deadline(in: Self.endTime)) : nil
    discard(worker, timedOut: true)
    return bytes.flatMap(read).map { .answer($0) } ?? .hung
  }

  /// The number of workers, busy or idle.
  public var count: Int { state.withLock(\.count) }

  /// Ends all idle workers.
  public func endIdle() { _ = removeIdle { _ in true } }

  // MARK: Taking and giving back

  /// Where a program's next worker comes from.
  private enum Source {
    case idle(Worker)
    /// A new worker; it may replace another that is released with this value.
    case new(replacing: Worker?)
    case none
  }

  /// A worker that is ready for a line; nil if none is available.
  func take(_ program: Program) -> Worker? {
    var source = source(for: program.path)
    while case .idle(let worker) = source {
      if worker.isReady { return worker }
      state.withLock { $0.count -= 1 }
      source = self.source(for: program.path)
    }
    guard case .new = source else { return nil }
    // If it cannot be started, the call by a process of its own reports the reason.
    if let worker = try? Worker(program) { return worker }
    state.withLock { $0.count -= 1 }
    return nil
  }

  private func source(for path: String) -> Source {
    state.withLock { state in
      if let index = state.idle.lastIndex(where: { $0.worker.program.path == path }) {
        return .idle(state.idle.remove(at: index).worker)
      }
      if let end = state.distrusted[path] {
        guard end <= .now() else { return .none }
        state.distrusted[path] = nil
      }
      guard state.count >= options.maxWorkers else {
        state.count += 1
        return .new(replacing: nil)
      }
      return state.idle.isEmpty ? .none : .new(replacing: state.idle.removeFirst().worker)
    }
  }

  /// Gives up a worker that misbehaved.
  func discard(_ worker: Worker, timedOut: Bool) {
    state.withLock { state in
      state.count -= 1
      guard timedOut, worker.isNew else { return }
      state.distrusted[worker.program.path] = .now() + Self.distrustTime
    }
  }

  /// Takes back a worker that has answered.
  func give(back worker: Worker) {
    let startsSweep = state.withLock { state in
      guard worker.calls < options.maxCalls else {
        state.count -= 1
        return false
      }
      state.idle.append(Idle(worker: worker, since: .now()))
      defer { state.isSweepScheduled = true }
      return !state.isSweepScheduled
    }
    if startsSweep { scheduleSweep(at: .now() + options.idleTimeout) }
  }

  // MARK: Idle workers

  private func scheduleSweep(at time: DispatchTime) {
    DispatchQueue.global().asyncAfter(deadline: time) { [weak self] in self?.sweep() }
  }

  /// Ends the workers that were idle long enough, and schedules the next sweep.
  private func sweep() {
    let now = DispatchTime.now()
    let next = removeIdle { $0 + options.idleTimeout <= now }
    if let next { scheduleSweep(at: next + options.idleTimeout) }
  }

  /// Removes the longest idle workers while their idle time satisfies a condition; returns since when
  /// the next one is idle.
  private func removeIdle(while isOver: (DispatchTime) -> Bool) -> DispatchTime? {
    // The removed workers end when this array is released, outside the lock.
    let (_, next) = state.withLock { state in
      let over = state.idle.prefix { isOver($0.since) }
      state.idle.removeFirst(over.count)
      state.count -= over.count
      state.isSweepScheduled = !state.idle.isEmpty
      return (Array(over), state.idle.first?.since)
    }
    return next
  }
}
