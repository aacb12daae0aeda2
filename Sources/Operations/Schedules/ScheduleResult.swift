/// What came of scheduled work.
public struct ScheduleResult: Sendable, Equatable {
  /// A sentence about it.
  public let said: String
  /// Whether no person needs to look at it.
  public let isGood: Bool
  /// Whether the log tells it, although no person needs to look at it.
  public var isNews = false
}
