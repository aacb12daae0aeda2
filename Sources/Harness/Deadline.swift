import Glibc

/// A moment after which nobody waits any more, on the clock that nobody sets.
struct Deadline: Sendable {
  private let end: Double

  /// The moment so many seconds from now.
  init(in seconds: Double) { end = Self.now(CLOCK_MONOTONIC) + seconds }

  /// The moment that a clock on the wall shows so many milliseconds after 1970, less a margin in
  /// seconds.
  init(unixMilliseconds: Int, margin: Double) {
    self.init(in: Double(unixMilliseconds) / 1000 - Self.now(CLOCK_REALTIME) - margin)
  }

  /// Seconds until then; negative once it has passed.
  var seconds: Double { end - Self.now(CLOCK_MONOTONIC) }

  /// Whether it has passed.
  var isOver: Bool { seconds <= 0 }

  /// Milliseconds until then, as poll(2) wants them, rounded up.
  var milliseconds: Int32 { Int32(min(max(seconds * 1000 + 1, 0), 1e9)) }

  /// The earlier of this and so many seconds from now.
  func orIn(_ seconds: Double) -> Deadline { Deadline(in: min(self.seconds, seconds)) }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    // Both clocks exist on every Linux and the pointer is good.
    _ = clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
