public import Catalog
public import Dispatcher
public import HTTPClient
import Records
import Requests
public import Setup
import StepKit
public import Values

/// Compares the accounts of flow connections: everything once, with the same amounts and states.
///
/// It reads both apps and the ID mapping, and changes nothing.
public struct Reconciler: Sendable {
  /// Two accounts to compare.
  public struct Pair: Sendable {
    /// What is compared.
    public let reconciliation: Reconciliation
    /// The connection to the account that things come from.
    public let from: Connection
    /// The connection to the account that they are made in.
    public let to: Connection
  }

  private let registry: Registry
  private let reader: PageReader
  private let clock: WallClock

  /// The seconds before and after the period for which lists are read too, so that a counterpart in another
  /// month is found.
  private static let margin = 35 * 86_400

  /// A reconciler of a home; `pause` waits a number of seconds for a rate limit.
  public init(
    _ registry: Registry, caller: any StepCaller, clock: WallClock = .system,
    transport: any HTTPTransport = CurlClient(),
    pause: @escaping @Sendable (_ seconds: Double) -> Void
  ) {
    self.registry = registry
    self.clock = clock
    reader = PageReader(
      registry: registry, router: StepRouter(caller, registry: registry),
      client: APIClient(home: registry.home, transport: transport, clock: clock), clock: clock,
      pause: pause)
  }

  /// Why a home has no pairs.
  public static let nothingToCompare = Problem(
    .noInput, "there is no flow connection that bills: nothing can be compared")

  /// The pairs of accounts between which flow connections make what a reconciliation compares, each once.
  public func pairs(flowConnection name: String? = nil) throws(Problem) -> [Pair] {
    var pairs: [Pair] = []
    for flow in try registry.flows.connections() where name == nil || flow.name == name {
      for reconciliation in registry.catalog.reconciliations {
        guard let pair = try pair(flow, reconciliation),
          !pairs.contains(where: {
            $0.reconciliation.id == reconciliation.id && $0.from.scope == pair.from.scope
              && $0.to.scope == pair.to.scope
          })
        else { continue }
        pairs.append(pair)
      }
    }
    return pairs
  }

  private func pair(
    _ flow: FlowConnection, _ reconciliation: Reconciliation
  ) throws(Problem) -> Pair? {
    guard let first = flow.parts.first, first.step.app == reconciliation.from.app,
      let made = flow.parts.dropFirst().first(where: { part in
        part.step.app == reconciliation.to.app
          && registry.catalog.apps[part.step.app]?.steps[part.step.name]?.makes
            == reconciliation.makes
      }), let from = try registry.connections.find(first.connection),
      let to = try registry.connections.find(made.connection)
    else { return nil }
    return Pair(reconciliation: reconciliation, from: from, to: to)
  }

  /// Compares two accounts in a period; `show` gets the number of things read so far.
  public func reconcile(
    _ pair: Pair, _ period: Period, show: (_ read: Int) -> Void = { _ in }
  ) throws(Problem) -> ReconciliationReport {
    var read = 0
    let now = clock.now()
    let (since, until) = (
      period.from.adding(seconds: -Self.margin), period.until.adding(seconds: Self.margin)
    )
    let from = try list(pair.reconciliation.from, pair.from, since, until) { show(read + $0) }
    read = from.items.count
    // What has a date of its own in the other app may have been made at any time since
    let end = pair.reconciliation.hasOneDate ? until : max(until, now)
    let to = try list(pair.reconciliation.to, pair.to, since, end) { show(read + $0) }
    let links = Links(home: registry.home)
    let (source, target) = (pair.from.scope, pair.to.scope)
    var comparison = InvoiceComparison(
      from: from.items, to: to.items, period: period, now: now,
      hasOneDate: pair.reconciliation.hasOneDate,
      linked: { (id) throws(Problem) in
        try links.row(pair.reconciliation.kind, anyOf: [source: id])?.ids[target]
      },
      customer: { (id) throws(Problem) in
        try links.row(.customer, anyOf: [source: id])?.ids[target]
      })
    try comparison.run()
    let unreadable =
      from.unreadable.map { Self.unreadable($0, isFrom: true) }
      + to.unreadable.map { Self.unreadable($0, isFrom: false) }
    let differences = (comparison.differences + unreadable).sorted { one, other in
      if one.class != other.class { return one.class == .error }
      return (one.at ?? now, one.from ?? "") < (other.at ?? now, other.from ?? "")
    }
    return ReconciliationReport(
      name: pair.reconciliation.name, from: source, to: target, period: period, at: now,
      totals: comparison.totals, differences: differences)
  }

  private static func unreadable(
    _ item: ListPage<ListedInvoice>.Unreadable, isFrom: Bool
  ) -> Difference {
    Difference(
      kind: .unreadable, class: .error, from: isFrom ? item.id : nil, to: isFrom ? [] : [item.id],
      customer: nil, currency: nil, fromAmount: nil, toAmount: nil, at: nil, note: item.reason)
  }

  /// Everything that a list step gives for a time.
  private func list(
    _ step: StepID, _ connection: Connection, _ since: Timestamp, _ until: Timestamp,
    show: (Int) -> Void
  ) throws(Problem) -> ListPage<ListedInvoice> {
    var items: [ListedInvoice] = []
    var unreadable: [ListPage<ListedInvoice>.Unreadable] = []
    var cursor: JSON?
    repeat {
      let query = ListQuery(from: since, until: until, cursor: cursor)
      let output = try reader.page(of: step, connection, input: query.json, at: clock.now())
      let page: ListPage<ListedInvoice>
      do throws(Failure) {
        page = try ListPage(json: output)
      } catch {
        throw Problem(.software, "the function \(step) gives no page: \(error.reason)")
      }
      guard page.cursor == nil || page.cursor != cursor else {
        throw Problem(.software, "the function \(step) gives the same page again and again")
      }
      items += page.items
      unreadable += page.unreadable
      cursor = page.cursor
      show(items.count)
    } while cursor != nil
    return ListPage(items, unreadable: unreadable, cursor: nil)
  }
}
