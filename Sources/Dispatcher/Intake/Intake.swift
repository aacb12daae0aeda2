import Catalog
public import Records
public import Setup
public import StepKit
import Store
public import Values

/// Stores the events of webhooks together with the runs that they start.
public struct Intake: Sendable {
  let registry: Registry
  let clock: WallClock
  /// The person who enters the events; nil if an app sends them.
  let person: String?
  let order: AcceptanceOrder
  private let hasRoom: @Sendable (String) -> Bool

  /// Creates the intake of a home; `person` is the person who enters the events, for the activity log.
  ///
  /// It refuses events of a lane for which there is no room.
  public init(
    registry: Registry, clock: WallClock = .system, person: String? = nil,
    order: AcceptanceOrder = AcceptanceOrder(),
    hasRoom: @escaping @Sendable (_ lane: String) -> Bool = { _ in true }
  ) {
    self.hasRoom = hasRoom
    self.registry = registry
    self.clock = clock
    self.person = person
    self.order = order
  }

  /// The result for an event.
  public enum Receipt: Sendable {
    /// The event and its runs are on disk; there are no runs if no flow listens to the event.
    case taken(runs: [Run])
    /// The event was stored before.
    case duplicate
    /// The event was not stored.
    case refused(Problem)

    /// The runs of the event.
    public var runs: [Run] { if case .taken(let runs) = self { runs } else { [] } }
  }

  /// Stores one event.
  public func take(_ body: JSON, from connection: Connection) -> Receipt {
    take([(body, connection)]).first ?? .duplicate
  }

  /// Stores events with one flush of the disk; a receipt for each, in order.
  public func take(_ bodies: [(JSON, Connection)]) -> [Receipt] {
    take(bodies.map { (JSONBody($0), $1) })
  }

  /// Stores events that a polling step has read; a receipt for each, in order.
  public func take(_ page: EventPage, from connection: Connection) -> [Receipt] {
    var subscriptions = Subscriptions(registry: registry, isByPerson: person != nil)
    return store(
      page.events.map { item in
        Result { () throws(Problem) in
          try draft(JSONBody(item.body), connection, &subscriptions, id: item.id)
        }
      })
  }

  /// Stores events with one flush of the disk; a receipt for each, in order.
  func take(_ bodies: [(JSONBody, Connection)]) -> [Receipt] {
    var subscriptions = Subscriptions(registry: registry, isByPerson: person != nil)
    return store(
      bodies.map { body, connection in
        Result { () throws(Problem) in try draft(body, connection, &subscriptions) }
      })
  }

  private func store(_ drafts: [Result<Draft?, Problem>]) -> [Receipt] {
    let good = drafts.compactMap { try? $0.get() }.compactMap(\.self)
    guard !good.isEmpty else { return drafts.map { Self.receipt($0, nil) } }
    var stored = registry.home.store.commit(each: good.map(\.transaction)).makeIterator()
    return drafts.map { draft in
      if case .success(.some) = draft {
        Self.receipt(draft, stored.next())
      } else {
        Self.receipt(draft, nil)
      }
    }
  }

  private static func receipt(
    _ draft: Result<Draft?, Problem>, _ stored: Result<Bool, StoreError>?
  ) -> Receipt {
    switch (draft, stored) {
    case (.failure(let problem), _): .refused(problem)
    case (.success(nil), _):
      .refused(Problem(.temporary, "too many runs of this customer are waiting"))
    case (_, .failure(let error)): .refused(Problem(error))
    case (.success(let draft?), .success(true)): .taken(runs: draft.runs)
    case (.success, _): .duplicate
    }
  }
}

// MARK: - Drafts

extension Intake {
  /// An event to store, with the runs that it starts.
  private struct Draft {
    let event: Event
    let runs: [Run]
    /// The condition that the event was not stored before.
    let condition: Condition
    /// The key that an earlier acceptance without runs left.
    let obsolete: [Change]

    var transaction: Transaction { Transaction(changes, if: [condition]) }

    private var changes: [Change] {
      obsolete + [.put(event.key, event.text(runs: runs)), .put(TakenKey.make(event), "{}")]
        + runs.flatMap(\.opening)
    }
  }

  /// The draft of an event; nil if there is no room in its lane.
  private func draft(
    _ body: JSONBody, _ connection: Connection, _ subscriptions: inout Subscriptions,
    id: String? = nil
  ) throws(Problem) -> Draft? {
    guard let spec = connection.app.webhook else {
      throw Problem(.data, "\(connection.app.name) sends no webhooks")
    }
    let now = clock.now()
    let first = try Event(body, from: connection, spec, at: now, id: id)
    let listeners = try subscriptions.flows(for: first)
    guard listeners.isEmpty || hasRoom(first.lane) else { return nil }
    let (event, condition, obsolete, earlier) = try fresh(first, isHeard: !listeners.isEmpty)
    let runs = try listeners.map { (flow) throws(Problem) in
      var run = try newRun(of: flow, for: event, at: now)
      run.body = event.body.bytes
      run.earlier = earlier[flow.name]
      return run
    }
    return Draft(event: event, runs: runs, condition: condition, obsolete: obsolete)
  }

  /// A new run, the last in the order of acceptance.
  func newRun(
    of flow: Subscriptions.Listener, for event: Event, at now: Timestamp
  ) throws(Problem) -> Run {
    let position = order.next(at: now)
    var run = Run(
      id: try Identifier.make(
        "run", at: position.time, number: position.number, name: "\(event.key) \(flow.name)"),
      flowConnection: flow.name, event: event.key, lane: event.lane, at: now)
    if flow.hasNoAccounts { run.leaveLane() }
    if let person { run.note("Run Started", "Success", at: now, by: person) }
    return run
  }

  /// The event to store, the condition for that, the changes that go with it, and the earlier run of
  /// each flow connection.
  ///
  /// An event without an id is identified by its body. If all runs of an equal event stopped or failed,
  /// this is a new event, since the state of its object may have changed. If no flow listened to the
  /// equal event and one does now, it is stored again as the same event.
  private func fresh(
    _ event: Event, isHeard: Bool
  ) throws(Problem) -> (
    event: Event, condition: Condition, obsolete: [Change], earlier: [String: String]
  ) {
    guard !event.hasOwnID else { return (event, .absent(event.key), [], [:]) }
    let event = try known(event)
    var (candidate, count) = (event, 1)
    var earlier: [String: String] = [:]
    while let text = try registry.home.text(at: candidate.key) {
      let document = try Home.document(in: text, at: candidate.key)
      let ids = document["runs"].array?.compactMap(\.string) ?? []
      if ids.isEmpty, isHeard, let at = document["at"].string.flatMap(Timestamp.init(iso:)) {
        let taken = TakenKey.bound(at) + candidate.key
        return (candidate, .equals(candidate.key, text), [.remove(taken)], [:])
      }
      guard !ids.isEmpty, let runs = try runsWithoutSuccess(ids) else { break }
      for run in runs { earlier[run.flowConnection] = run.repeats ?? run.id }
      count += 1
      candidate = event.again(count)
    }
    return (candidate, .absent(candidate.key), [], earlier)
  }

  /// The event as it is stored if it was taken before, under its own id or that of an older build.
  private func known(_ event: Event) throws(Problem) -> Event {
    guard try registry.home.text(at: event.key) == nil else { return event }
    let old = event.asNamedByOlderBuild
    return try registry.home.text(at: old.key) == nil ? event : old
  }

  /// The runs with these ids that are still stored; nil unless all of them stopped or failed.
  private func runsWithoutSuccess(_ ids: [String]) throws(Problem) -> [Run]? {
    var runs: [Run] = []
    for id in ids {
      if let json = try registry.home.document(at: StoreKey.run.key(id)) {
        runs.append(try Run(json: json))
      }
    }
    let allEnded = runs.allSatisfy { [.stopped, .notSynced, .failed].contains($0.status) }
    return runs.isEmpty || !allEnded ? nil : runs
  }
}
