/// A rate limit: a number of requests in any window of some seconds.
public struct RateLimit: Sendable, Hashable {
  /// The number of requests.
  public let requests: Int
  /// The window in seconds.
  public let seconds: Int

  /// Creates a limit of 1 to a million requests in at most a day; other numbers are taken as the nearest.
  public init(requests: Int, seconds: Int) {
    self.requests = min(max(requests, 1), 1_000_000)
    self.seconds = min(max(seconds, 1), 86_400)
  }
}
