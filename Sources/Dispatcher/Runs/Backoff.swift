import Values

/// When to try again: after 1, 2, 4, … seconds and never later than in an hour, for three days.
///
/// Half of each wait is left to chance, so that what failed together does not come back together.
public struct Backoff: Sendable {
  /// The first wait, in seconds; each is twice the one before.
  let first: Double
  /// The longest wait, in seconds.
  let longest: Double
  /// How long a step is tried, in seconds.
  let patience: Int
  /// A number from 0 up to, and without, 1.
  let chance: @Sendable () -> Double

  /// The waits of a service; a test may make them shorter and certain.
  public init(
    first: Double = 1, longest: Double = 3600, patience: Int = 3 * 86_400,
    chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.first = first
    self.longest = longest
    self.patience = patience
    self.chance = chance
  }

  /// The next try after so many in vain, or nil where patience is at its end.
  ///
  /// What the other side said (`after`, seconds) is the least, and eight times that the most.
  func next(attempts: Int, after: Int?, now: Timestamp, since: Timestamp) -> Timestamp? {
    let wait = min(longest, first * Double(1 << min(max(attempts - 1, 0), 20)))
    var spread = Int(wait * 1000 * (0.5 + chance() / 2))
    if let after { spread = min(max(spread, after * 1000), max(after, 1) * 8000) }
    let next = Timestamp(milliseconds: now.milliseconds + spread)
    return next.milliseconds - since.milliseconds <= patience * 1000 ? next : nil
  }
}
