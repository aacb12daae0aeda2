import Glibc
public import Values

/// What time it is; an input, so that a test can say.
public struct WallClock: Sendable {
  /// The time now.
  public let now: @Sendable () -> Timestamp

  /// How many of its seconds pass in a real one; a test may be in a hurry.
  public let speed: Double

  /// Seconds of a clock that never goes back, for measuring how long something takes.
  public let uptime: @Sendable () -> Double

  /// A clock that asks this.
  public init(
    speed: Double = 1, uptime: @escaping @Sendable () -> Double = Self.monotonic,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.speed = speed
    self.uptime = uptime
    self.now = now
  }

  /// The machine's monotonic clock.
  public static let monotonic: @Sendable () -> Double = {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The machine's own clock.
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }
}
