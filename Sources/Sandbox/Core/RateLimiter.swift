import Values

/// A limit of calls per fixed window of sandbox time.
struct RateLimiter: Sendable {
  private var start = Timestamp(milliseconds: 0)
  private var count = 0

  /// Counts a call, and returns the seconds until the next window if the call is over the limit.
  ///
  /// A limit of nil admits every call.
  mutating func count(limit: Int?, per seconds: Int, at now: Timestamp) -> Int? {
    guard let limit else { return nil }
    let end = start.adding(seconds: seconds)
    if now < start || now >= end { (start, count) = (now, 0) }
    count += 1
    guard count > limit else { return nil }
    return max(1, start.adding(seconds: seconds).seconds - now.seconds)
  }
}
