public import Step
import Store

/// Takes webhooks: what it has answered with 2xx is on disk, with the runs that it starts.
public struct Intake: Sendable {
  private let registry: Registry
  private let clock: Clock

  /// The intake of a home.
  public init(registry: Registry, clock: Clock = .system) {
    self.registry = registry
    self.clock = clock
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
    take(bodies.map { (Body($0), $1) })
  }

  /// Takes events, all durable with one flush of the disk; a receipt for each, in order.
  func take(_ bodies: [(Body, Connection)]) -> [Receipt] {
    var receipts: [Receipt?] = bodies.map { _ in nil }
    var drafts: [(index: Int, draft: Draft)] = []
    var keys: Set<String> = []
    var audience = Audience(registry: registry)
    for (index, (body, connection)) in bodies.enumerated() {
      do throws(Problem) {
        let draft = try draft(body, connection, &audience)
        let isNew = try !isTaken(draft.event) && keys.insert(draft.event.key).inserted
        if isNew { drafts.append((index, draft)) } else { receipts[index] = .duplicate }
      } catch {
        receipts[index] = .refused(error)
      }
    }
    for (index, receipt) in store(drafts) { receipts[index] = receipt }
    return receipts.map { $0 ?? .duplicate }
  }
}

// MARK: - Drafts

extension Intake {
  /// An event with the runs that it starts.
  private struct Draft {
    let event: Event
    let runs: [Run]

    var changes: [Change] {
      [.put(event.key, event.text(runs: runs)), .put(TakenKey.make(event), [:])]
        + runs.flatMap { run -> [Change] in
          [.put(run.key, run.json), .put(run.openKey, ["lane": .string(run.lane)])]
        }
    }
  }

  private func draft(
    _ body: Body, _ connection: Connection, _ audience: inout Audience
  ) throws(Problem) -> Draft {
    guard let facts = connection.app.webhook else {
      throw Problem(.data, "\(connection.app.name) sends no webhooks")
    }
    let event = try fresh(Event(body, from: connection, facts, at: clock.now()))
    let runs = try audience.flows(for: event).map { flow in
      Run(
        id: Identifier.make("run", at: event.at, name: "\(event.key) \(flow)"),
        flowConnection: flow, event: event.key, lane: event.lane, at: event.at)
    }
    return Draft(event: event, runs: runs)
  }

  /// The event as one of its own, where it has no id and came before to no effect.
  ///
  /// A body without an id tells of a thing and not of what became of it: what was too early for an
  /// invoice may be right for it an hour later.
  private func fresh(_ event: Event) throws(Problem) -> Event {
    guard !event.hasOwnID else { return event }
    var (candidate, count) = (event, 1)
    while let earlier = try registry.home.document(at: candidate.key) {
      var runs: [JSON] = []
      for id in earlier["runs"].array?.compactMap(\.string) ?? [] {
        if let run = try registry.home.document(at: "run/\(id)") { runs.append(run) }
      }
      let isInVain = runs.allSatisfy { $0["status"] == "stopped" || $0["status"] == "failed" }
      guard !runs.isEmpty, isInVain else {
        return candidate
      }
      count += 1
      candidate = event.again(count)
    }
    return candidate
  }

  private func isTaken(_ event: Event) throws(Problem) -> Bool {
    try registry.home.with { (store) throws(StoreError) in try store.get(event.key) != nil }
  }

  /// All in one commit; where another process was faster with one of them, each by itself.
  private func store(_ drafts: [(index: Int, draft: Draft)]) -> [(Int, Receipt)] {
    guard !drafts.isEmpty else { return [] }
    do throws(Problem) {
      let changes = drafts.flatMap(\.draft.changes)
      let isStored = try registry.home.commit(
        changes, if: drafts.map { .absent($0.draft.event.key) })
      if isStored { return drafts.map { ($0.index, .taken(runs: $0.draft.runs)) } }
      guard drafts.count > 1 else { return drafts.map { ($0.index, .duplicate) } }
    } catch {
      return drafts.map { ($0.index, .refused(error)) }
    }
    return drafts.flatMap { store([$0]) }
  }
}
