public import Setup
import Store
public import Values

/// Takes away what is older than it needs to be: events, with their runs.
///
/// An event is remembered at least as long as an app may send it again (three days), or it would be
/// taken twice. What is not at its end, or waits for a person, stays however old it is.
public struct Retention: Sendable {
  private let home: Home
  /// How many days events and finished runs are kept.
  private let days: Int

  /// Keeps a home in order.
  public init(home: Home, days: Int = 30) {
    self.home = home
    self.days = max(days, 4)
  }

  /// Removes what is too old; how many events that were.
  public func sweep(now: Timestamp) throws(Problem) -> Int {
    let oldest = TakenKey.bound(now.adding(seconds: -days * 86_400))
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: StoreKey.taken.prefix, upTo: oldest)
    }
    var removed = 0
    while let record = try home.next(&scan) {
      let event = String(record.key.dropFirst(TakenKey.length))
      guard let (changes, condition) = try removal(of: event) else { continue }
      // Somebody may just start a run of it
      guard try home.commit(changes + [.remove(record.key)], if: [condition]) else { continue }
      removed += 1
    }
    if removed > 0 { try home.with { (store) throws(StoreError) in try store.compact() } }
    return removed
  }

  /// What removes an event and its runs, if it is as it was read; nil if one of them is still needed.
  private func removal(
    of event: String
  ) throws(Problem) -> (changes: [Change], condition: Condition)? {
    guard let text = try home.text(at: event) else { return ([], .absent(event)) }
    let document = try Home.document(in: text, at: event)
    var changes: [Change] = [.remove(event)]
    for id in document["runs"].array?.compactMap(\.string) ?? [] {
      guard let run = try home.document(at: StoreKey.run.key(id)) else { continue }
      let status = run["status"].string.flatMap(Run.Status.init(rawValue:))
      guard status != .pending, status != .parked else { return nil }
      changes.append(.remove(StoreKey.run.key(id)))
      for kind in [StoreKey.effect, .reply] {
        changes += try home.documents(below: kind.key("\(id)/")).map { .remove($0.key) }
      }
    }
    return (changes, .equals(event, text))
  }
}
