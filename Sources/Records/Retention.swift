public import Setup
import Store
public import Values

/// Removes old events with their runs.
///
/// An event is kept longer than an app repeats it (three days), or it would be accepted twice. Events
/// with pending or parked runs, and with runs that need attention, are kept, however old they are.
///
/// A clock that is far ahead must not remove everything, so the time of the last sweep is stored, see
/// ``SweepMark``: after a jump nothing is removed until the process has run for some days.
public struct Retention: Sendable {
  /// What a sweep did.
  public enum Outcome: Sendable, Equatable {
    /// It removed a number of events.
    case removed(Int)
    /// It removed nothing, since the clock may be wrong; the text is the reason.
    case waits(String)
  }

  private let home: Home
  /// The number of days for which events and ended runs are kept.
  private let days: Int

  /// The most days: a hundred years.
  public static let mostDays = 36_500

  /// Creates the retention of a home; at least 4 days, at most a hundred years.
  public init(home: Home, days: Int = 30) {
    self.home = home
    self.days = min(max(days, 4), Self.mostDays)
  }

  /// Removes what is too old; `ran` is the time in seconds, by the monotonic clock, that the process has
  /// run since its last sweep.
  public func sweep(now: Timestamp, ran: Double) throws(Problem) -> Outcome {
    let mark = try mark(at: now)
    let (next, isPlausible) = mark.advanced(to: now, ran: ran)
    _ = try home.commit([.put(SweepMark.key, next.json)])
    guard isPlausible else { return .waits(next.words(at: now)) }
    return .removed(try remove(before: now.adding(seconds: -days * 86_400)))
  }

  /// Why nothing is removed now and since when, if the clock has jumped; nil if it is as it was.
  public func clockJump(at now: Timestamp) throws(Problem) -> (since: Timestamp, reason: String)? {
    guard let mark = try home.document(at: SweepMark.key).flatMap(SweepMark.init),
      mark.waits(at: now)
    else { return nil }
    return (mark.at, mark.words(at: now))
  }

  /// The stored mark; in a home of an earlier build, the time of its newest event.
  private func mark(at now: Timestamp) throws(Problem) -> SweepMark {
    if let known = try home.document(at: SweepMark.key), let mark = SweepMark(known) { return mark }
    return SweepMark(at: try newestEvent(before: now) ?? now)
  }

  /// The time of the newest event; nil without events.
  private func newestEvent(before now: Timestamp) throws(Problem) -> Timestamp? {
    // Only once, in a home of an earlier build
    var newest: Timestamp?
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.taken.prefix)
    }
    while let record = try home.next(&scan) {
      let event = String(record.key.dropFirst(TakenKey.length))
      guard let at = try home.document(at: event)?["at"].time, at <= now else { continue }
      newest = max(newest ?? at, at)
    }
    return newest
  }

  private func remove(before time: Timestamp) throws(Problem) -> Int {
    let oldest = TakenKey.bound(time)
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: StoreKey.taken.prefix, upTo: oldest)
    }
    var removed = 0
    while let record = try home.next(&scan) {
      let event = String(record.key.dropFirst(TakenKey.length))
      guard let (changes, condition) = try removal(of: event) else { continue }
      // Another process may start a run of it meanwhile
      guard try home.commit(changes + [.remove(record.key)], if: [condition]) else { continue }
      removed += 1
    }
    if removed > 0 { try home.with { (store) throws(StoreError) in try store.compact() } }
    return removed
  }

  /// The changes that remove an event and its runs, and the condition; nil if a run is still needed.
  private func removal(
    of event: String
  ) throws(Problem) -> (changes: [Change], condition: Condition)? {
    guard let text = try home.text(at: event) else { return ([], .absent(event)) }
    let document = try Home.document(in: text, at: event)
    var changes: [Change] = [.remove(event)]
    for id in document["runs"].array?.compactMap(\.string) ?? [] {
      guard let run = try home.document(at: StoreKey.run.key(id)) else { continue }
      let status = run["status"].string.flatMap(Run.Status.init(rawValue:))
      guard status != .pending, status != .parked,
        try home.text(at: StoreKey.attention.key(id)) == nil
      else { return nil }
      changes += [.remove(StoreKey.run.key(id)), .remove(StoreKey.hold.key(id))]
      for kind in [StoreKey.effect, .reply] {
        changes += try home.documents(below: kind.key("\(id)/")).map { .remove($0.key) }
      }
    }
    return (changes, .equals(event, text))
  }
}
