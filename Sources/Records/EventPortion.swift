import Setup
import Store
public import Values

/// A portion of the stored events, the latest first.
public struct EventPortion: Sendable {
  /// The events.
  public let events: [EventStore.Entry]
  /// The place before which the next portion begins; nil if there is none.
  public let next: String?
  /// Whether the time was up before the portion was full, so that the next one may have events or not.
  public let isPartial: Bool
}

extension EventStore {
  /// The latest events that satisfy a condition, received before a place.
  ///
  /// Looking back ends after `seconds`, or at the first event before `since`.
  public func latest(
    before place: String? = nil, limit: Int = 50, since: Timestamp? = nil,
    seconds: Double = .infinity, where isWanted: (Entry) -> Bool = { _ in true }
  ) throws(Problem) -> EventPortion {
    let end = place.map { StoreKey.taken.key($0) } ?? StoreKey.taken.end
    let start = since.map(TakenKey.bound) ?? StoreKey.taken.prefix
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: start, upTo: max(end, start), reversed: true)
    }
    let deadline = WallClock.monotonic() + seconds
    var events: [Entry] = []
    var last: String?
    while let taken = try home.next(&scan) {
      let key = String(taken.key.dropFirst(TakenKey.length))
      if let document = try home.document(at: key) {
        let entry = entry(key, document)
        if isWanted(entry) {
          if events.count == limit {
            return EventPortion(events: events, next: last, isPartial: false)
          }
          events.append(entry)
        }
      }
      last = StoreKey.taken.name(in: taken.key)
      if WallClock.monotonic() > deadline {
        return EventPortion(events: events, next: last, isPartial: true)
      }
    }
    return EventPortion(events: events, next: nil, isPartial: false)
  }
}
