import Dispatch
import Kernel
import Synchronization

/// Limits the number of calls at a time: more would compete for the processors.
///
/// A call that has run for long does not count: it hangs, and must not keep others from their turns.
public final class CallTurns: Sendable {
  /// A turn that was taken.
  public struct Turn: Sendable {
    fileprivate let number: Int
  }

  private struct State {
    var last = 0
    /// The start of each call that counts, by number.
    var starts: [Int: Double] = [:]
  }

  private let free: DispatchSemaphore
  private let state = Mutex(State())

  /// The seconds for which a call counts.
  private static let countedTime = 0.5

  /// Creates a number of turns.
  public init(_ count: Int) { free = DispatchSemaphore(value: max(count, 1)) }

  /// Takes a turn, and waits for one if none is free.
  public func take() -> Turn {
    while free.wait(timeout: .now() + Self.countedTime / 5) == .timedOut { dropLong() }
    return begin()
  }

  /// Takes a turn; nil if none is free.
  public func takeNow() -> Turn? {
    if free.wait(timeout: .now()) == .success { return begin() }
    dropLong()
    return free.wait(timeout: .now()) == .success ? begin() : nil
  }

  /// Gives a turn back.
  public func end(_ turn: Turn) {
    let counted = state.withLock { $0.starts.removeValue(forKey: turn.number) != nil }
    if counted { free.signal() }
  }

  private func begin() -> Turn {
    state.withLock { state in
      state.last += 1
      state.starts[state.last] = MonotonicClock.now
      return Turn(number: state.last)
    }
  }

  /// Gives back the turns of calls that have run for long.
  private func dropLong() {
    let oldest = MonotonicClock.now - Self.countedTime
    let count = state.withLock { state in
      let counted = state.starts.filter { $0.value > oldest }
      defer { state.starts = counted }
      return state.starts.count - counted.count
    }
    for _ in 0..<count { free.signal() }
  }
}
