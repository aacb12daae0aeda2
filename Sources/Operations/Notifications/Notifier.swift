import Catalog
public import Dispatcher
import Records
public import Setup
import StepKit
import Store
public import Values

/// Starts the flows that tell people what needs their attention.
///
/// What newly needs attention becomes an event of the built-in app, which Intake takes like any webhook.
/// Things of one cause and flow connection are a group: one event tells all of a group, and the next
/// about the same group comes an hour later at the earliest. What comes of a notification itself is told
/// to nobody, so that none leads to another.
public struct Notifier: Sendable {
  private let registry: Registry
  private let intake: Intake
  /// What needs attention, by id, with the time at which it became known here.
  private var open: [String: (item: AttentionItem, seen: Timestamp)] = [:]
  /// The ids that were told, by rhythm; a rhythm that no flow had so far is missing.
  private var told: [NotificationRhythm: Set<String>] = [:]

  /// The time for which the first of a group waits for others, in seconds.
  private static let settling = 15

  /// Creates the notifier of a home, whose events are taken by an intake.
  public init(registry: Registry, intake: Intake) {
    self.registry = registry
    self.intake = intake
  }

  /// Whether something waits to be told.
  public private(set) var isWaiting = false

  /// Learns what is new and what has ended, and starts the flows that are due.
  ///
  /// - Throws: An `io` or `temporary` problem if the store cannot be used now; the next call tells it.
  public mutating func tell(_ news: AttentionWatch.News, at now: Timestamp) throws(Problem) {
    for item in news.items { open[item.id] = (item, now) }
    for id in news.ended {
      open[id] = nil
      for rhythm in told.keys { told[rhythm]?.remove(id) }
    }
    isWaiting = false
    let flows = try registry.flows.connections().filter(isNotification)
    let own = Set(flows.map(\.name))
    let items = open.values.filter { !own.contains($0.item.flowConnection ?? "") }
    for rhythm in NotificationRhythm.allCases
    where flows.contains(where: { $0.isEnabled && hears($0, rhythm) }) {
      try tell(items, rhythm, at: now)
    }
  }

  // MARK: Private

  private mutating func tell(
    _ items: [(item: AttentionItem, seen: Timestamp)], _ rhythm: NotificationRhythm,
    at now: Timestamp
  ) throws(Problem) {
    let known = try known(rhythm, items)
    let new = items.filter { !known.contains($0.item.id) }
    guard !new.isEmpty else { return }
    let last = try ToldGroup.all(rhythm, in: registry.home)
    var changes: [Change] = []
    var due: [AttentionItem] = []
    for (group, members) in Dictionary(grouping: new, by: { rhythm.group(of: $0.item) }) {
      let first = members.map(\.seen).min() ?? now
      guard first.adding(seconds: Self.settling) <= now,
        last[group].map({ $0.at.adding(seconds: rhythm.gap) <= now }) ?? true
      else {
        isWaiting = true
        continue
      }
      due += members.map(\.item)
      let through = members.map(\.item.since).max() ?? now
      let record = ToldGroup(at: now, through: max(through, last[group]?.through ?? through))
      changes.append(.put(ToldGroup.key(rhythm, group), record.json))
    }
    guard !due.isEmpty else { return }
    let body = try NotificationEvent.body(rhythm, due, open: items.count, at: now)
    let connection = try registry.connections.builtIn()
    if case .refused(let problem) = intake.take(body, from: connection) { throw problem }
    let groups = Set(items.map { rhythm.group(of: $0.item) })
    for (group, record) in last
    where !groups.contains(group) && record.at.adding(seconds: rhythm.gap) <= now {
      changes.append(.remove(ToldGroup.key(rhythm, group)))
    }
    _ = try registry.home.commit(changes)
    told[rhythm]?.formUnion(due.map(\.id))
  }

  /// The ids that were told; at the first look for a rhythm, by the records of an earlier process.
  private mutating func known(
    _ rhythm: NotificationRhythm, _ items: [(item: AttentionItem, seen: Timestamp)]
  ) throws(Problem) -> Set<String> {
    if let known = told[rhythm] { return known }
    let last = try ToldGroup.all(rhythm, in: registry.home)
    let known = Set(
      items.map(\.item).filter { item in
        last[rhythm.group(of: item)].map { item.since <= $0.through } ?? false
      }.map(\.id))
    told[rhythm] = known
    return known
  }

  /// Whether a flow connection tells people what needs attention.
  private func isNotification(_ flow: FlowConnection) -> Bool {
    flow.parts.first.map { registry.catalog.apps[$0.step.app]?.isBuiltIn == true } ?? false
      && NotificationRhythm.allCases.contains { hears(flow, $0) }
  }

  private func hears(_ flow: FlowConnection, _ rhythm: NotificationRhythm) -> Bool {
    guard let part = flow.parts.first,
      let spec = registry.catalog.apps[part.step.app]?.steps[part.step.name]
    else { return false }
    return spec.events(payload: part.payload).contains(rhythm.rawValue)
  }
}

extension NotificationRhythm {
  /// The group of an item: of a cause and a flow connection, or of one connection or account; or all.
  fileprivate func group(of item: AttentionItem) -> String {
    guard self == .atOnce else { return "all" }
    let isSingle = item.run == nil && item.cause != .waiting
    return "\(item.cause.rawValue)/\(item.flowConnection ?? (isSingle ? item.subject : ""))"
  }
}
