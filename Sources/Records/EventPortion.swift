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
  /// The latest events that a filter allows, received before a place.
  ///
  /// Looking back ends after `seconds`, or at the first event before `since`.
  public func latest(
    _ filter: EventFilter = EventFilter(), before place: String? = nil, limit: Int = 50,
    since: Timestamp? = nil, seconds: Double = .infinity
  ) throws(Problem) -> EventPortion {
    let end = place.map { StoreKey.taken.key($0) } ?? StoreKey.taken.end
    let start = since.map(TakenKey.bound) ?? StoreKey.taken.prefix
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: start, upTo: max(end, start), reversed: true)
    }
    let deadline = WallClock.monotonic() + seconds
    let needles = filter.needles
    var events: [Entry] = []
    var last: String?
    while let taken = try home.next(&scan) {
      let key = String(taken.key.dropFirst(TakenKey.length))
      if let text = try home.text(at: key), needles.areIn(text) {
        let entry = entry(key, try Home.document(in: text, at: key))
        if filter.allows(entry) {
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
