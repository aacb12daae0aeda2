/// How often an account may be asked: so many requests in any window of so many seconds.
public struct RateLimit: Sendable, Hashable {
  /// The requests.
  public let requests: Int
  /// The window.
  public let seconds: Int

  /// At most `requests` in any `seconds`.
  public init(requests: Int, seconds: Int) {
    self.requests = requests
    self.seconds = seconds
  }

  /// How many may come at once: a fifth.
  ///
  /// The rest is spread over the window, so that none sees more than is allowed.
  public var burst: Int { max(requests / 5, 1) }

  /// Milliseconds between two when the burst is used up.
  public var interval: Double { Double(seconds) * 1000 / Double(max(requests - burst, 1)) }
}
