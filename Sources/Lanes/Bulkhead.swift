import Values

/// The share of one resource: how many use it at a time, and who waits for that.
struct Bulkhead<Waiter> {
  /// A waiter with the time since which it waits.
  private struct Entry {
    let waiter: Waiter
    let since: Timestamp
  }

  /// The most uses at a time.
  private let share: Int
  private var uses = 0
  private var breaker: CircuitBreaker
  private var waiting = FairQueue<Entry>()
  /// Before this time the rate limit permits nothing.
  private var closedUntil: Timestamp?
  /// Whether uses are admitted one at a time, since the rate limit may refuse each.
  private var isLimited = false
  /// Whether the use that was admitted last has still to learn whether the rate limit permits it.
  private var isAsking = false
  /// The time of the last answer that was none of trouble.
  private(set) var succeeded: Timestamp?

  /// The time after which a waiter for a resource that does not answer is tired, in seconds.
  private static var patience: Int { 600 }

  init(share: Int, threshold: Int) {
    self.share = share
    breaker = CircuitBreaker(threshold: threshold)
  }

  /// Whether anything waits.
  var isContended: Bool { !waiting.isEmpty }

  /// Whether one more may use the resource now.
  private func admits(at now: Timestamp) -> Bool {
    uses < share && !isAsking && now >= (closedUntil ?? now) && !breaker.isOpen(at: now)
  }

  // MARK: Uses

  /// Begins a use; false if others wait, or must.
  mutating func begin(at now: Timestamp) -> Bool {
    guard waiting.isEmpty, admits(at: now) else { return false }
    begin()
    return true
  }

  private mutating func begin() {
    uses += 1
    breaker.begin()
    isAsking = isLimited
  }

  /// Notes that the rate limit permits the use that was admitted last.
  mutating func confirm() {
    closedUntil = nil
    isAsking = false
    isLimited = isLimited && !waiting.isEmpty
  }

  /// Ends a use; the result is what became of the circuit breaker, if it changed.
  mutating func end(_ end: UseEnd, at now: Timestamp) -> CircuitChange? {
    uses -= 1
    isAsking = false
    switch end {
    case .unused: breaker.cancel()
    case .postponed(let time):
      breaker.cancel()
      closedUntil = time
      isLimited = true
    case .answered(let isGood):
      if isGood { succeeded = now }
      if breaker.succeed() { return .closed }
    case .hung(let reason):
      if breaker.fail(reason, at: now) { return .opened(since: now, reason: reason) }
    }
    return nil
  }

  // MARK: Waiting

  mutating func wait(_ waiter: Waiter, _ place: WaitPlace, at now: Timestamp) {
    let entry = Entry(waiter: waiter, since: now)
    switch place {
    case .returning: waiting.giveBack(entry)
    case .underWay: waiting.append(urgent: entry)
    case .new(let customer): waiting.append(entry, of: customer)
    }
  }

  /// Removes a waiter out of turn.
  mutating func remove(where isWanted: (Waiter) -> Bool) -> Waiter? {
    waiting.remove { isWanted($0.waiter) }?.waiter
  }

  /// The next waiter, with the reason if it is tired of a resource that does not answer; nil if all must
  /// wait on.
  mutating func next(at now: Timestamp) -> (waiter: Waiter, tired: String?)? {
    if admits(at: now), let entry = waiting.popFirst() {
      begin()
      return (entry.waiter, nil)
    }
    guard let time = tiredAt, time <= now, let entry = waiting.popFirst() else { return nil }
    return (entry.waiter, breaker.reason)
  }

  /// The time at which ``next(at:)`` may have one if nothing else happens; nil if something else must.
  func nextTurn(at now: Timestamp) -> Timestamp? {
    [opensAt(now), tiredAt].compactMap(\.self).min()
  }

  private func opensAt(_ now: Timestamp) -> Timestamp? {
    guard uses < share, !isAsking else { return nil }
    guard let probe = breaker.probe else { return closedUntil ?? now }
    // While a probe is under way, its end decides.
    return breaker.isOpen(at: max(now, probe)) ? nil : max(probe, closedUntil ?? probe)
  }

  private var tiredAt: Timestamp? {
    guard let open = breaker.since, let first = waiting.first else { return nil }
    return max(open, first.since).adding(seconds: Self.patience)
  }
}
