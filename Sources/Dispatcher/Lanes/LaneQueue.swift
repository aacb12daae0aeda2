import Records
import Values

/// The open runs by lane: those of one lane are carried one after another, in the order in which they
/// were added, and those of different lanes at the same time.
///
/// It is a value without a thread, clock or lock, so that a dispatcher and a simulation use the same.
struct LaneQueue {
  /// A run in a lane.
  struct Item {
    let run: String
    var due: Timestamp
    var prefetched: PrefetchedRun
  }

  /// A run that was taken out to be carried: its lane is nobody else's until it is released.
  struct Claim {
    let lane: String
    let item: Item
    fileprivate let rechecks: Int
  }

  /// What becomes of a run that was carried.
  enum Release {
    /// It has ended.
    case ended
    /// It waits until a time, or for a person.
    case waits(until: Timestamp, forPerson: Bool)
    /// It waits in another lane, so that the rest of its own goes on.
    case moved(lane: String, until: Timestamp, forPerson: Bool)
  }

  private var lanes: [String: Queue<Item>] = [:]
  private var known: Set<String> = []
  /// The runs that ended last.
  private var ended: Set<String> = []
  private var endedInOrder = Queue<String>()
  private var due = DueQueue()
  /// The lanes whose first run is new and has no call yet.
  private var fresh = Queue<String>()
  /// The lanes whose first run waits for a person.
  private var waitingForPerson: Set<String> = []
  /// The number of times that runs waiting for a person were made due.
  private var rechecks = 0
  /// The number of times that a lane's first run got a time at which it is due.
  private(set) var scheduled = 0
  /// Bytes of the prefetched runs' bodies.
  private var prefetchedBytes = 0

  /// Bytes of bodies that may be prefetched; runs beyond are read from the store.
  private static let maxPrefetchedBytes = 16 << 20

  /// The number of ended runs that are remembered: more than intake takes at once.
  private static let maxEnded = 10_000

  /// The number of runs that wait or are being carried.
  var count: Int { known.count }

  /// When the next run is due.
  var nextDue: Timestamp? { due.first?.due }

  /// Whether a run has no call yet.
  var hasFresh: Bool { !fresh.isEmpty }

  func contains(_ run: String) -> Bool { known.contains(run) }

  /// Adds a run to the end of its lane; one that is there already is not added again.
  ///
  /// Nor is a run as intake made it that has ended: another thread may have found it open, and carried it,
  /// before intake adds it.
  mutating func add(_ run: Run) {
    if run.body != nil, ended.contains(run.id) { return }
    guard known.insert(run.id).inserted else { return }
    append(Item(run: run.id, due: run.due, prefetched: prefetch(run)), to: run.lane)
  }

  /// Claims the first run that is due.
  mutating func claimDue(at now: Timestamp) -> Claim? {
    while let first = due.first, first.due <= now {
      due.removeFirst()
      if let claim = claim(first.lane) { return claim }
    }
    return nil
  }

  /// Claims the next run without a call, and gives it.
  mutating func claimFresh() -> (claim: Claim, run: Run)? {
    while let lane = fresh.popFirst() {
      guard case .new(let run)? = lanes[lane]?.first.prefetched, let claim = claim(lane) else {
        continue
      }
      prefetchedBytes -= run.body?.count ?? 0
      return (claim, run)
    }
    return nil
  }

  /// Gives a claimed run back for somebody else to carry at once, with what is known of it.
  mutating func pass(_ claim: Claim, _ prefetched: PrefetchedRun) {
    lanes[claim.lane]?.first.prefetched = prefetched
    schedule(claim.lane, due: claim.item.due)
  }

  /// Gives a lane back.
  mutating func release(_ claim: Claim, _ release: Release, at now: Timestamp) {
    let lane = claim.lane
    switch release {
    case .ended:
      waitingForPerson.remove(lane)
      if let item = lanes[lane]?.popFirst() { end(item.run) }
    case .waits(let time, let forPerson):
      let due = wait(in: lane, until: time, forPerson, claim, now)
      lanes[lane]?.first.due = due
    case .moved(let other, let time, let forPerson):
      if var item = lanes[lane]?.popFirst() {
        item.due = wait(in: other, until: time, forPerson, claim, now)
        item.prefetched = .none
        append(item, to: other)
      }
    }
    guard let rest = lanes[lane] else { return }
    if rest.isEmpty { lanes[lane] = nil } else { schedule(lane) }
  }

  /// Makes all runs due that wait for a person, since a person may have acted.
  mutating func recheckWaiting(at now: Timestamp) {
    rechecks += 1  // what is being carried may have looked before
    guard !waitingForPerson.isEmpty else { return }
    due.hasten(waitingForPerson, to: now)
    waitingForPerson = []
  }
}

// MARK: - Private

extension LaneQueue {
  private func prefetch(_ run: Run) -> PrefetchedRun {
    guard let size = run.body?.count, prefetchedBytes + size <= Self.maxPrefetchedBytes else {
      return .none
    }
    return .new(run)
  }

  private mutating func end(_ run: String) {
    known.remove(run)
    if ended.insert(run).inserted { endedInOrder.append(run) }
    guard ended.count > Self.maxEnded, let oldest = endedInOrder.popFirst() else { return }
    ended.remove(oldest)
  }

  private mutating func claim(_ lane: String) -> Claim? {
    guard let item = lanes[lane]?.first else { return nil }
    lanes[lane]?.first.prefetched = .none
    return Claim(lane: lane, item: item, rechecks: rechecks)
  }

  /// When a run is due that waits; at once, if a person may have acted since it was claimed.
  private mutating func wait(
    in lane: String, until time: Timestamp, _ forPerson: Bool, _ claim: Claim, _ now: Timestamp
  ) -> Timestamp {
    guard forPerson else {
      waitingForPerson.remove(lane)
      return time
    }
    guard claim.rechecks == rechecks else { return now }
    waitingForPerson.insert(lane)
    return time
  }

  private mutating func append(_ item: Item, to lane: String) {
    if case .new(let run) = item.prefetched { prefetchedBytes += run.body?.count ?? 0 }
    let isFirst = lanes[lane] == nil
    lanes[lane, default: Queue()].append(item)
    if isFirst { schedule(lane) }
  }

  private mutating func schedule(_ lane: String) {
    guard let first = lanes[lane]?.first else { return }
    if case .new = first.prefetched {
      fresh.append(lane)
    } else {
      schedule(lane, due: first.due)
    }
  }

  private mutating func schedule(_ lane: String, due time: Timestamp) {
    due.insert(.init(due: time, lane: lane))
    scheduled += 1
  }
}
