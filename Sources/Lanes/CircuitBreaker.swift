package import Values

/// A circuit breaker: after a number of failures in a row it is open, and nothing is tried until a while
/// has passed; then one attempt probes, and its end closes the breaker or opens it for longer.
package struct CircuitBreaker: Sendable {
  /// The failures in a row that open a breaker.
  private let threshold: Int
  private var failures = 0
  /// How often it was opened since it was last closed.
  private var openings = 0
  private var isProbing = false

  /// When it was opened first; nil while it is closed.
  package private(set) var since: Timestamp?
  /// The time of the next probe; nil while it is closed.
  package private(set) var probe: Timestamp?
  /// The last failure.
  package private(set) var reason = ""

  /// The first wait for a probe, in seconds; each is twice as long, up to the longest.
  private static let firstWait = 5
  private static let longestWait = 120

  package init(threshold: Int) { self.threshold = threshold }

  /// Whether nothing may be tried now.
  package func isOpen(at now: Timestamp) -> Bool {
    guard let probe else { return false }
    return isProbing || now < probe
  }

  /// Notes the start of an attempt, which is a probe if the breaker is not closed.
  package mutating func begin() { isProbing = probe != nil }

  /// Notes that the attempt under way was not made after all.
  package mutating func cancel() { isProbing = false }

  /// Notes an answer, of any kind; whether that closed the breaker.
  package mutating func succeed() -> Bool {
    let wasOpen = probe != nil
    self = CircuitBreaker(threshold: threshold)
    return wasOpen
  }

  /// Notes an attempt that nothing answered in time; whether that opened a closed breaker.
  package mutating func fail(_ reason: String, at now: Timestamp) -> Bool {
    self.reason = reason
    failures = min(failures + 1, threshold)
    guard probe == nil || isProbing || failures < threshold else { return false }
    guard failures >= threshold else { return false }
    isProbing = false
    let wait = min(Self.firstWait << min(openings, 10), Self.longestWait)
    openings += 1
    probe = now.adding(seconds: wait)
    defer { since = since ?? now }
    return since == nil
  }
}
