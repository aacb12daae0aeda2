package import Records
package import Values

/// The open runs by lane: runs of one lane are executed one after another in the order of their
/// addition, runs of different lanes concurrently.
///
/// It is a value without threads, clocks and locks, for dispatchers and simulations.
package struct LaneQueue {
  /// A run in a lane.
  package struct Item {
    package let run: String
    package fileprivate(set) var due: Timestamp
    /// A new run with its body; nil if the run is to be read from the store.
    package fileprivate(set) var prefetched: Run?
    /// Whether it waits for a person.
    fileprivate var waitsForPerson = false
  }

  /// A run that was taken for execution; its lane is blocked until it is released.
  package struct Claim {
    package let lane: String
    package let item: Item
    fileprivate let rechecks: Int
  }

  /// The result of an execution.
  package enum Release {
    /// The run has ended.
    case ended
    /// The run waits until a time, or for a person.
    case waits(until: Timestamp, forPerson: Bool)
    /// The run waits in another lane, so that its own lane continues.
    case moved(lane: String, until: Timestamp, forPerson: Bool)
  }

  private var lanes: [String: Queue<Item>] = [:]
  private var known: Set<String> = []
  /// The runs that ended last.
  private var ended: Set<String> = []
  private var endedInOrder = Queue<String>()
  private var due = DueQueue()
  /// The lanes whose first run is new and prefetched.
  private var fresh = Queue<String>()
  /// The lanes whose first run waits for a person.
  private var waitingForPerson: Set<String> = []
  /// The number of calls of ``recheckWaiting(at:)``.
  private var rechecks = 0
  /// The number of entries that were added to `due`.
  package private(set) var scheduled = 0
  /// The size of the prefetched bodies, in bytes.
  private var prefetchedBytes = 0

  /// The limit of `prefetchedBytes`; further runs are read from the store.
  private static let maxPrefetchedBytes = 16 << 20

  /// The runs that a lane may have whatever waits in others.
  private static let alwaysInLane = 100

  /// The limit of `ended`: more runs than intake adds at once.
  private static let maxEnded = 10_000

  /// Creates an empty queue.
  package init() {}

  /// The number of runs that wait or are being executed.
  package var count: Int { known.count }

  /// The time at which the next run is due.
  package var nextDue: Timestamp? { due.first?.due }

  /// Whether ``claimFresh()`` can return a run.
  package var hasFresh: Bool { !fresh.isEmpty }

  /// Whether one more run of a lane may be added when all lanes together have room for a number.
  ///
  /// A lane may take up at most half of the room that is left, so that the burst of one customer, or of
  /// a few, leaves room for others.
  package func hasRoom(in lane: String, of most: Int) -> Bool {
    let (left, length) = (most - count, lanes[lane]?.count ?? 0)
    return left > 0 && (length < Self.alwaysInLane || length <= left / 2)
  }

  package func contains(_ run: String) -> Bool { known.contains(run) }

  /// Adds a run to the end of its lane, unless it was added before.
  ///
  /// A run of intake's is not added either if it has ended: another thread may have found it open, and
  /// executed it, before intake adds it.
  package mutating func add(_ run: Run) {
    if run.body != nil, ended.contains(run.id) { return }
    guard known.insert(run.id).inserted else { return }
    var item = Item(run: run.id, due: run.due, prefetched: prefetch(run))
    item.waitsForPerson = run.waitsForSomebody
    if run.waitsForSomebody { waitingForPerson.insert(run.lane) }
    append(item, to: run.lane)
  }

  /// Claims the first run that is due.
  package mutating func claimDue(at now: Timestamp) -> Claim? {
    while let first = due.first, first.due <= now {
      due.removeFirst()
      if let claim = claim(first.lane) { return claim }
    }
    return nil
  }

  /// Claims the next new run.
  package mutating func claimFresh() -> (claim: Claim, run: Run)? {
    while let lane = fresh.popFirst() {
      guard let claim = claim(lane), let run = claim.item.prefetched else { continue }
      prefetchedBytes -= run.body?.count ?? 0
      return (claim, run)
    }
    return nil
  }

  /// Returns a claimed run, so that ``claimDue(at:)`` claims it at once.
  package mutating func pass(_ claim: Claim) { schedule(claim.lane, due: claim.item.due) }

  /// Releases a lane with the result of the execution.
  package mutating func release(_ claim: Claim, _ release: Release, at now: Timestamp) {
    let lane = claim.lane
    switch release {
    case .ended:
      waitingForPerson.remove(lane)
      if let item = lanes[lane]?.popFirst() { end(item.run) }
      recheckFirst(of: lane, at: now)
    case .waits(let time, let forPerson):
      let due = wait(in: lane, until: time, forPerson, claim, now)
      lanes[lane]?.first.due = due
      lanes[lane]?.first.waitsForPerson = forPerson
    case .moved(let other, let time, let forPerson):
      if var item = lanes[lane]?.popFirst() {
        item.due = wait(in: other, until: time, forPerson, claim, now)
        item.waitsForPerson = forPerson
        append(item, to: other)
      }
      recheckFirst(of: lane, at: now)
    }
    guard let rest = lanes[lane] else { return }
    if rest.isEmpty { lanes[lane] = nil } else { schedule(lane) }
  }

  /// Makes a run due if it is the first of its lane and waits.
  package mutating func expedite(_ run: Run, at now: Timestamp) {
    guard lanes[run.lane]?.first.run == run.id else { return }
    due.expedite([run.lane], to: now)
  }

  /// Makes the runs that wait for a person due, since a person may have acted.
  package mutating func recheckWaiting(at now: Timestamp) {
    rechecks += 1  // A run that is being executed may have checked before.
    guard !waitingForPerson.isEmpty else { return }
    due.expedite(waitingForPerson, to: now)
    waitingForPerson = []
  }
}

// MARK: - Private

extension LaneQueue {
  private func prefetch(_ run: Run) -> Run? {
    guard let size = run.body?.count else { return nil }
    return prefetchedBytes + size <= Self.maxPrefetchedBytes ? run : nil
  }

  private mutating func end(_ run: String) {
    known.remove(run)
    if ended.insert(run).inserted { endedInOrder.append(run) }
    guard ended.count > Self.maxEnded, let oldest = endedInOrder.popFirst() else { return }
    ended.remove(oldest)
  }

  private mutating func claim(_ lane: String) -> Claim? {
    guard let item = lanes[lane]?.first else { return nil }
    lanes[lane]?.first.prefetched = nil
    return Claim(lane: lane, item: item, rechecks: rechecks)
  }

  /// The time at which a waiting run is due: now, if a person may have acted since it was claimed.
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

  /// Makes the first run of a lane due if it waits for a person, who may have acted on it, or on all of its
  /// lane, while another was before it.
  private mutating func recheckFirst(of lane: String, at now: Timestamp) {
    guard lanes[lane]?.isEmpty == false, lanes[lane]?.first.waitsForPerson == true else { return }
    lanes[lane]?.first.due = now
  }

  private mutating func append(_ item: Item, to lane: String) {
    prefetchedBytes += item.prefetched?.body?.count ?? 0
    let isFirst = lanes[lane] == nil
    lanes[lane, default: Queue()].append(item)
    if isFirst { schedule(lane) }
  }

  private mutating func schedule(_ lane: String) {
    guard let first = lanes[lane]?.first else { return }
    if first.prefetched != nil { fresh.append(lane) } else { schedule(lane, due: first.due) }
  }

  private mutating func schedule(_ lane: String, due time: Timestamp) {
    due.insert(DueQueue.Entry(due: time, lane: lane))
    scheduled += 1
  }
}
