import Values

/// Counts calls in a window of the sandbox's time.
struct Meter: Sendable {
  private var start = Timestamp(milliseconds: 0)
  private var count = 0

  /// Counts a call; where it is one too many, gives the seconds until the next window.
  mutating func count(limit: Int?, per seconds: Int, at now: Timestamp) -> Int? {
    guard let limit else { return nil }
    let end = start.adding(seconds: seconds)
    if now < start || now >= end { (start, count) = (now, 0) }
    count += 1
    guard count > limit else { return nil }
    return max(1, start.adding(seconds: seconds).seconds - now.seconds)
  }
}
