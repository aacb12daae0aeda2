public import Records
public import Setup
import Store
public import Values

/// Everything in a home that needs a person's attention.
///
/// Each kind is an ``AttentionSource``. What a person has acknowledged is left out, for as long as it is
/// the same: a connection that is paused again is another item.
public struct Attention: Sendable {
  let registry: Registry
  private let sources: [any AttentionSource]

  /// Creates the list of a home; `isServing` is whether this process executes its runs.
  public init(_ registry: Registry, isServing: Bool = false) {
    self.registry = registry
    let home = registry.home
    sources =
      [
        MarkedRuns(home: home), PausedConnections(home: home), WaitingLanes(registry: registry),
        SilentAccounts(registry: registry), FullDisk(home: home), UnreadableWebhooks(home: home),
        OpenCircuits(home: home), HeldChanges(home: home), ClockJump(home: home),
        FailedCatchUps(home: home), FailedSchedules(registry: registry),
      ] + (isServing ? [] : [UnservedRuns(registry: registry)])
  }

  /// All items, by cause, the oldest of each cause first.
  public func items(at now: Timestamp) throws(Problem) -> [AttentionItem] {
    try read(present(at: now)).sorted {
      ($0.cause, $0.since, $0.subject) < ($1.cause, $1.since, $1.subject)
    }
  }

  /// The number of items of each cause, without reading the runs; acknowledged ones are left out.
  public func counts(at now: Timestamp) throws(Problem) -> [AttentionCause: Int] {
    let acknowledged = try acknowledged()
    var counts: [AttentionCause: Int] = [:]
    for candidate in try present(at: now) {
      if let since = acknowledged[candidate.id], try candidate.read()?.since == since { continue }
      counts[candidate.cause, default: 0] += 1
    }
    return counts
  }

  /// What is there now; from the quick sources or from the others only, if told so.
  func present(at now: Timestamp, ofQuick: Bool? = nil) throws(Problem) -> [AttentionCandidate] {
    var candidates: [AttentionCandidate] = []
    for source in sources where source.isQuick == ofQuick ?? source.isQuick {
      candidates += try source.present(at: now)
    }
    return candidates
  }

  /// Reads the items that were not acknowledged.
  func read(_ candidates: [AttentionCandidate]) throws(Problem) -> [AttentionItem] {
    let (acknowledged, assigned) = try (acknowledged(), assigned())
    var items: [AttentionItem] = []
    for candidate in candidates {
      guard var item = try candidate.read(), acknowledged[item.id] != item.since else { continue }
      item.assignedTo = assigned[item.id]
      items.append(item)
    }
    return items
  }

  /// When each acknowledged item had begun, by its id.
  private func acknowledged() throws(Problem) -> [String: Timestamp] {
    var times: [String: Timestamp] = [:]
    for (key, document) in try registry.home.documents(below: StoreKey.acknowledged.prefix) {
      let name = StoreKey.acknowledged.name(in: key)
      times[name.percentDecoded ?? name] = document["since"].time
    }
    return times
  }
}
