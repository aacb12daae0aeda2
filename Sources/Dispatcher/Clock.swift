import FoundationEssentials
public import Step

/// What time it is; an input, so that a test can say.
public struct Clock: Sendable {
  /// The time now.
  public let now: @Sendable () -> Timestamp

  /// A clock that asks this.
  public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  /// The machine's own clock.
  public static let system = Clock {
    Timestamp(milliseconds: Int((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }
}
