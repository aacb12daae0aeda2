import Kernel

/// A point in time on the monotonic clock, which no clock adjustment moves.
public struct Deadline: Comparable, Sendable {
  private let end: Double

  /// The point in time a number of seconds from now.
  public init(in seconds: Double) { end = MonotonicClock.now + seconds }

  /// Seconds left; negative once the deadline has passed.
  public var seconds: Double { end - MonotonicClock.now }

  /// Whether the deadline has passed.
  public var isOver: Bool { seconds <= 0 }

  /// Milliseconds left, rounded up, as a timeout of poll(2).
  public var milliseconds: Int32 { Int32(min(max(seconds * 1000, 0), 1e9).rounded(.up)) }

  /// The earlier of this deadline and a number of seconds from now.
  public func orIn(_ seconds: Double) -> Deadline { min(self, Deadline(in: seconds)) }

  /// Whether one deadline is before another.
  public static func < (one: Deadline, other: Deadline) -> Bool { one.end < other.end }
}
