import Glibc
public import Values

/// A source of the time, which a test can replace.
public struct WallClock: Sendable {
  /// The time now.
  public let now: @Sendable () -> Timestamp

  /// The number of its seconds in a real second.
  public let speed: Double

  /// Creates a clock.
  public init(speed: Double = 1, now: @escaping @Sendable () -> Timestamp) {
    self.speed = speed
    self.now = now
  }

  /// The clock of this machine.
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }
}
