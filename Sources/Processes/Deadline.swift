import Glibc

/// A moment after which nobody waits any more, on the clock that nobody sets.
public struct Deadline: Comparable, Sendable {
  private let end: Double

  /// The moment so many seconds from now.
  public init(in seconds: Double) { end = Self.now + seconds }

  /// Seconds until then; negative once it has passed.
  public var seconds: Double { end - Self.now }

  /// Whether it has passed.
  public var isOver: Bool { seconds <= 0 }

  /// Milliseconds until then, as poll(2) wants them, rounded up.
  public var milliseconds: Int32 { Int32(min(max(seconds * 1000, 0), 1e9).rounded(.up)) }

  /// The earlier of this and so many seconds from now.
  public func orIn(_ seconds: Double) -> Deadline { min(self, Deadline(in: seconds)) }

  /// Whether one comes before another.
  public static func < (one: Deadline, other: Deadline) -> Bool { one.end < other.end }

  private static var now: Double {
    var time = timespec()
    // The clock exists on every Linux and the pointer is good.
    _ = clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
