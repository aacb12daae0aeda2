import FoundationEssentials
public import Step

/// What time it is; an input, so that a test can say.
public struct Clock: Sendable {
  /// The time now.
  public let now: @Sendable () -> Timestamp

  /// How many of its seconds pass in a real one; a test may be in a hurry.
  public let speed: Double

  /// A clock that asks this.
  public init(speed: Double = 1, now: @escaping @Sendable () -> Timestamp) {
    self.speed = speed
    self.now = now
  }

  /// The machine's own clock.
  public static let system = Clock {
    Timestamp(milliseconds: Int((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }
}
