import Catalog
public import Records
public import Setup
import StepKit
import Store
public import Values

/// Takes webhooks: what it has answered with 2xx is on disk, with the runs that it starts.
public struct Intake: Sendable {
  let registry: Registry
  let clock: WallClock
  /// Who brings the events, where no app sends them.
  let person: String?

  /// The intake of a home; what it takes is brought by this person, if not sent by an app.
  public init(registry: Registry, clock: WallClock = .system, person: String? = nil) {
    self.registry = registry
    self.clock = clock
    self.person = person
  }

  /// What became of an event.
  public enum Receipt: Sendable {
    /// It is on disk; these runs carry it. None, where no flow listens.
    case taken(runs: [Run])
    /// It was taken before.
    case duplicate
    /// It was not taken.
    case refused(Problem)

    /// The runs that carry the event.
    public var runs: [Run] { if case .taken(let runs) = self { runs } else { [] } }
  }

  /// Takes one event.
  public func take(_ body: JSON, from connection: Connection) -> Receipt {
    take([(body, connection)]).first ?? .duplicate
  }

  /// Takes events, all durable with one flush of the disk; a receipt for each, in order.
  public func take(_ bodies: [(JSON, Connection)]) -> [Receipt] {
    take(bodies.map { (JSONBody($0), $1) })
  }

  /// Takes events, all durable with one flush of the disk; a receipt for each, in order.
  ///
  /// Of the runs that they may start it is told before anybody else can see them.
  func take(
    _ bodies: [(JSONBody, Connection)], announce: ([Run]) -> Void = { _ in }
  ) -> [Receipt] {
    var audience = Subscriptions(registry: registry)
    let drafts = bodies.map { body, connection in
      Result { () throws(Problem) in try draft(body, connection, &audience) }
    }
    let good = drafts.compactMap { try? $0.get() }
    guard !good.isEmpty else { return drafts.map { Self.receipt($0, nil) } }
    announce(good.flatMap(\.runs))
    var stored = registry.home.store.commit(each: good.map(\.transaction)).makeIterator()
    return drafts.map { draft in
      if case .success = draft {
        Self.receipt(draft, stored.next())
      } else {
        Self.receipt(draft, nil)
      }
    }
  }

  private static func receipt(
    _ draft: Result<Draft, Problem>, _ stored: Result<Bool, StoreError>?
  ) -> Receipt {
    switch (draft, stored) {
    case (.failure(let problem), _): .refused(problem)
    case (_, .failure(let error)): .refused(Problem(error))
    case (.success(let draft), .success(true)): .taken(runs: draft.runs)
    case (.success, _): .duplicate
    }
  }
}

// MARK: - Drafts

extension Intake {
  /// An event with the runs that it starts.
  private struct Draft {
    let event: Event
    let runs: [Run]
    /// An event is taken once, whoever takes it.
    let condition: Condition
    /// When it was taken before, where nothing listened to it.
    let obsolete: [Change]

    var transaction: Transaction { Transaction(changes, if: [condition]) }

    private var changes: [Change] {
      obsolete + [.put(event.key, event.text(runs: runs)), .put(TakenKey.make(event), "{}")]
        + runs.flatMap { run -> [Change] in
          [.put(run.key, run.text), run.opening]
        }
    }
  }

  private func draft(
    _ body: JSONBody, _ connection: Connection, _ audience: inout Subscriptions
  ) throws(Problem) -> Draft {
    guard let facts = connection.app.webhook else {
      throw Problem(.data, "\(connection.app.name) sends no webhooks")
    }
    let now = clock.now()
    let first = try Event(body, from: connection, facts, at: now)
    let listeners = try audience.flows(for: first)
    let (event, condition, obsolete) = try fresh(first, isHeard: !listeners.isEmpty)
    let runs = listeners.enumerated().map { order, flow in
      var run = Run(
        id: Identifier.make("run", at: now, name: "\(event.key) \(flow.name)", order: order),
        flowConnection: flow.name, event: event.key, lane: event.lane, at: now)
      if flow.isApart { run.stepAside() }
      run.body = event.body.bytes
      if let person { run.note("Run Started", "Success", at: now, by: person) }
      return run
    }
    // In the order in which they are found in the store
    return Draft(
      event: event, runs: runs.sorted { $0.id < $1.id }, condition: condition, obsolete: obsolete)
  }

  /// The event as one of its own, where it has no id and came before to no effect; what must be so for it
  /// to be taken, and what is no longer so then.
  ///
  /// A body without an id tells of a thing and not of what became of it: what was too early for an
  /// invoice may be right for it an hour later. One that nothing listened to, and something does now, is
  /// heard late: it stays one event.
  private func fresh(
    _ event: Event, isHeard: Bool
  ) throws(Problem) -> (event: Event, condition: Condition, obsolete: [Change]) {
    guard !event.hasOwnID else { return (event, .absent(event.key), []) }
    var (candidate, count) = (event, 1)
    while let text = try registry.home.text(at: candidate.key) {
      let earlier = try Home.document(in: text, at: candidate.key)
      let ids = earlier["runs"].array?.compactMap(\.string) ?? []
      if ids.isEmpty, isHeard, let at = earlier["at"].string.flatMap(Timestamp.init(iso:)) {
        let taken = TakenKey.bound(at) + candidate.key
        return (candidate, .equals(candidate.key, text), [.remove(taken)])
      }
      guard !ids.isEmpty, try isInVain(ids) else { break }
      count += 1
      candidate = event.again(count)
    }
    return (candidate, .absent(candidate.key), [])
  }

  /// Whether runs all came to nothing, of those that are still kept.
  private func isInVain(_ ids: [String]) throws(Problem) -> Bool {
    var statuses: [JSON] = []
    for id in ids {
      if let run = try registry.home.document(at: "run/\(id)") { statuses.append(run["status"]) }
    }
    return !statuses.isEmpty
      && statuses.allSatisfy { ["stopped", "not_synced", "failed"].contains($0) }
  }
}
