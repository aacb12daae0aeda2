import Setup
import Synchronization
import Values

/// The time of a world, which passes when nothing is left to be done at a moment.
final class VirtualTime: Sendable {
  /// When worlds begin.
  static let start = Timestamp(seconds: 1_767_225_600)

  private let state = Mutex((passed: 0, skew: 0))

  /// Milliseconds since the beginning.
  var passed: Int { state.withLock { $0.passed } }

  /// Milliseconds by which the dispatcher's clock is ahead.
  var skew: Int { state.withLock { $0.skew } }

  /// Seconds since the beginning; half a millisecond more, so that rounding down gives the millisecond.
  var seconds: Double {
    let passed = passed
    return passed == 0 ? 0 : (Double(passed) + 0.5) / 1000
  }

  /// Lets time pass until then; never goes back.
  func pass(until time: Int) { state.withLock { $0.passed = max($0.passed, time) } }

  func setClock(by milliseconds: Int) { state.withLock { $0.skew += milliseconds } }

  /// The dispatcher's clock.
  var clock: WallClock {
    let uptime: @Sendable () -> Double = { [self] in seconds }
    return WallClock(uptime: uptime) { [self] in
      let (passed, skew) = state.withLock { ($0.passed, $0.skew) }
      return Timestamp(milliseconds: Self.start.milliseconds + passed + skew)
    }
  }
}
