import Dispatch
import Synchronization

/// The steps' processes that are kept, so that a call need not start one.
///
/// What a worker says is believed only while it behaves, see ``Worker/answer(_:within:largest:)``. One
/// that does not is killed with its whole group, and its call is made again by a process of its own.
final class WorkerPool: Sendable {
  private struct Idle {
    let path: String
    let worker: Worker
    let since: DispatchTime
  }

  private struct State {
    /// Those that wait for work, the longest idle first.
    var idle: [Idle] = []
    /// How many there are, at work or idle.
    var count = 0
    /// Programs that may not be kept until then: they seem to answer only at the end of their input.
    var distrusted: [String: DispatchTime] = [:]
    var isSweepDue = false
  }

  private let warmth: Warmth
  private let state = Mutex(State())

  /// Seconds for which a program is not kept whose new process gave no answer in time.
  private static let distrust = 600.0

  init(_ warmth: Warmth) { self.warmth = warmth }

  /// What `read` makes of a program's answer to a line; nil where a process of its own is to be asked.
  func answer<Answer>(
    of program: ChildProcess, to line: [UInt8], read: ([UInt8]) -> Answer?
  ) -> Answer? {
    guard let worker = take(program) else { return nil }
    let said = worker.answer(
      line, within: program.deadline, largest: program.largestOutput)
    guard let answer = said.flatMap(read) else {
      drop(worker, of: program)
      return nil
    }
    give(worker, back: program.path)
    return answer
  }

  /// How many processes there are.
  var count: Int { state.withLock(\.count) }

  /// Ends all that are idle.
  func end() { _ = removeIdle { _ in true } }
}

// MARK: - Taking and giving back

extension WorkerPool {
  /// Where the next answer of a program can come from.
  private enum Place {
    case worker(Worker)
    /// A new worker, in the place of another where all places were taken.
    case room(of: Worker?)
    case none
  }

  /// A worker that waits for a line; nil where a process of its own is to be asked.
  func take(_ program: ChildProcess) -> Worker? {
    var place = place(for: program.path)
    while case .worker(let worker) = place {
      if worker.isReady { return worker }
      state.withLock { $0.count -= 1 }
      place = self.place(for: program.path)
    }
    guard case .room = place else { return nil }
    // Where none can be started, the call by a process of its own will say why.
    if let worker = try? Worker(program) { return worker }
    state.withLock { $0.count -= 1 }
    return nil
  }

  private func place(for path: String) -> Place {
    state.withLock { state in
      if let index = state.idle.lastIndex(where: { $0.path == path }) {
        return .worker(state.idle.remove(at: index).worker)
      }
      if let end = state.distrusted[path] {
        guard end <= .now() else { return .none }
        state.distrusted[path] = nil
      }
      guard state.count >= warmth.most else {
        state.count += 1
        return .room(of: nil)
      }
      return state.idle.isEmpty ? .none : .room(of: state.idle.removeFirst().worker)
    }
  }

  /// Lets go of one that misbehaved.
  func drop(_ worker: Worker, of program: ChildProcess) {
    state.withLock { state in
      state.count -= 1
      guard worker.calls == 0, worker.wasLate else { return }
      state.distrusted[program.path] = .now() + Self.distrust
    }
  }

  /// Takes back one that has answered.
  func give(_ worker: Worker, back path: String) {
    let (isKept, startsSweep) = state.withLock { state in
      guard worker.calls < warmth.calls else {
        state.count -= 1
        return (false, false)
      }
      state.idle.append(Idle(path: path, worker: worker, since: .now()))
      defer { state.isSweepDue = true }
      return (true, !state.isSweepDue)
    }
    if isKept, startsSweep { sweep(at: .now() + warmth.idle) }
  }
}

// MARK: - Idleness

extension WorkerPool {
  private func sweep(at time: DispatchTime) {
    DispatchQueue.global().asyncAfter(deadline: time) { [weak self] in self?.sweep() }
  }

  /// Ends those that were idle long enough, and comes back when the next will have been.
  private func sweep() {
    let now = DispatchTime.now()
    let next = removeIdle { $0 + warmth.idle <= now }
    if let next { sweep(at: next + warmth.idle) }
  }

  /// Takes out the first of the idle while their time of idleness is such; since when the next is.
  private func removeIdle(while isOver: (DispatchTime) -> Bool) -> DispatchTime? {
    // They end as they are let go, outside the lock.
    let (_, next) = state.withLock { state in
      let over = state.idle.prefix { isOver($0.since) }
      state.idle.removeFirst(over.count)
      state.count -= over.count
      state.isSweepDue = !state.idle.isEmpty
      return (Array(over), state.idle.first?.since)
    }
    return next
  }
}
