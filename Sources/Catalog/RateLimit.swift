/// A rate limit: a number of requests in any window of some seconds.
public struct RateLimit: Sendable, Hashable {
  /// The number of requests.
  public let requests: Int
  /// The window in seconds.
  public let seconds: Int

  /// Creates a limit.
  public init(requests: Int, seconds: Int) {
    self.requests = requests
    self.seconds = seconds
  }

  /// The number of requests that may be sent at once, a fifth of the limit.
  ///
  /// The others are spread, so that no window contains more than the limit.
  public var burst: Int { max(requests / 5, 1) }

  /// The milliseconds between two requests after the burst.
  public var interval: Double { Double(seconds) * 1000 / Double(max(requests - burst, 1)) }
}
