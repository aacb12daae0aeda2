package import Values

/// Exponential backoff: 1, 1.5, 2.25, … seconds up to an hour, for three days.
///
/// Half of each wait is random, so that runs that failed together are not retried together. A trouble
/// that passes is met within seconds: the first nine attempts take less than a minute and a half.
public struct Backoff: Sendable {
  /// The first wait, in seconds.
  let first: Double
  /// The longest wait, in seconds.
  let longest: Double
  /// The time after the first failure at which a step is given up, in seconds.
  let patience: Int
  /// A random number from 0 to 1, 1 excluded.
  let chance: @Sendable () -> Double

  /// Each wait is longer than the one before by this factor.
  private static let growth = 1.5
  /// The longest wait, in seconds, while the app answers other requests: it fails now and then only,
  /// at least at first.
  private static let longestIfFlaky = 10.0
  /// The most seconds that a wait, a patience or an app's `Retry-After` can have: 30 days.
  private static let most = 30 * 86_400

  /// The growth has reached every longest wait after this number of attempts.
  private static let mostGrowing = 60

  /// Creates a backoff; the defaults are those of a service.
  ///
  /// Seconds outside of 0 to 30 days are taken as the nearest of these.
  public init(
    first: Double = 1, longest: Double = 3600, patience: Int = 3 * 86_400,
    chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.first = min(max(first, 0), Double(Self.most))
    self.longest = min(max(longest, 0), Double(Self.most))
    self.patience = Self.bounded(patience)
    self.chance = chance
  }

  /// The time of the next attempt after a number of failed ones; nil to give up.
  ///
  /// `after` is the app's `Retry-After` in seconds: the wait is at least that and at most eight times it.
  /// `isFlaky` tells that the app has answered another request well since the attempt before.
  package func next(
    attempts: Int, after: Int?, now: Timestamp, since: Timestamp, isFlaky: Bool = false
  ) -> Timestamp? {
    let growing = min(max(attempts, 1) - 1, Self.mostGrowing)
    var wait = first
    for _ in 0..<growing where wait < longest { wait *= Self.growth }
    if isFlaky {
      // Requests of one kind may fail for long while others are answered: the wait grows then too.
      let age = Double(now.milliseconds - since.milliseconds) / 1000
      wait = min(wait, max(age / 4, Self.longestIfFlaky))
    }
    wait = min(wait, longest)
    var spread = Int(wait * 1000 * (0.5 + chance() / 2))
    if let after {
      let after = Self.bounded(after)
      spread = min(max(spread, after * 1000), max(after, 1) * 8000)
    }
    let next = Timestamp(milliseconds: now.milliseconds + spread)
    return next.milliseconds - since.milliseconds <= patience * 1000 ? next : nil
  }

  private static func bounded(_ seconds: Int) -> Int { min(max(seconds, 0), most) }
}
