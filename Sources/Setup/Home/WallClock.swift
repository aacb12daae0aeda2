import Glibc
public import Values

/// A source of the time, which a test can replace.
public struct WallClock: Sendable {
  /// The time now.
  public let now: @Sendable () -> Timestamp

  /// The number of its seconds in a real second.
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

  /// The clock of this machine.
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }
}
