import Values

/// Exponential backoff: 1, 2, 4, … seconds up to an hour, for three days.
///
/// Half of each wait is random, so that runs that failed together are not retried together.
public struct Backoff: Sendable {
  /// The first wait, in seconds; each following wait is twice as long.
  let first: Double
  /// The longest wait, in seconds.
  let longest: Double
  /// The time after the first failure at which a step is given up, in seconds.
  let patience: Int
  /// A random number from 0 to 1, 1 excluded.
  let chance: @Sendable () -> Double

  /// Creates a backoff; the defaults are those of a service.
  public init(
    first: Double = 1, longest: Double = 3600, patience: Int = 3 * 86_400,
    chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.first = first
    self.longest = longest
    self.patience = patience
    self.chance = chance
  }

  /// The time of the next attempt after a number of failed ones; nil to give up.
  ///
  /// `after` is the app's `Retry-After` in seconds: the wait is at least that and at most eight times it.
  func next(attempts: Int, after: Int?, now: Timestamp, since: Timestamp) -> Timestamp? {
    let wait = min(longest, first * Double(1 << min(max(attempts - 1, 0), 20)))
    var spread = Int(wait * 1000 * (0.5 + chance() / 2))
    if let after { spread = min(max(spread, after * 1000), max(after, 1) * 8000) }
    let next = Timestamp(milliseconds: now.milliseconds + spread)
    return next.milliseconds - since.milliseconds <= patience * 1000 ? next : nil
  }
}
