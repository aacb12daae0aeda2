import Glibc

/// How often a request is repeated, and after which time.
///
/// The time is random between nothing and a bound that doubles ("full jitter"), so that workers that
/// were refused together do not come back together.
public struct RetryPolicy: Sendable {
  /// The number of tries, the first included.
  public let tries: Int
  /// The bound of the first wait, in seconds.
  public let firstWait: Double
  /// The bound of the longest wait, in seconds.
  public let longestWait: Double

  /// A policy; by default ten tries within 20 seconds at most, on the average half of that.
  public init(tries: Int = 10, firstWait: Double = 0.05, longestWait: Double = 5) {
    (self.tries, self.firstWait, self.longestWait) = (tries, firstWait, longestWait)
  }

  /// The bound of the wait after a number of failed tries, from 1.
  func bound(after failures: Int) -> Double {
    var bound = firstWait
    for _ in 1..<max(failures, 1) where bound < longestWait { bound *= 2 }
    return min(bound, longestWait)
  }

  /// Waits before the next try.
  func wait(after failures: Int) {
    let seconds = Double.random(in: 0...bound(after: failures))
    usleep(useconds_t(min(seconds, 60) * 1_000_000))
  }
}
