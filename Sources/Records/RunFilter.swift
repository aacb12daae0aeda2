import Catalog
public import Setup
import StepKit
import Store
public import Values

/// A filter of runs; an empty one allows all.
public struct RunFilter: Sendable {
  /// Allows runs of this flow connection.
  public var flowConnection: String?
  /// Allows runs of this status.
  public var status: Run.Status?
  /// Allows runs whose reason or warning contains this text, ignoring case.
  public var reason: String?
  /// Allows runs created at this time or later.
  public var since: Timestamp?
  /// Allows runs created at this time or earlier.
  public var until: Timestamp?
  /// Allows runs whose trigger gave an invoice only.
  public var hasInvoice = false
  /// Allows runs about this customer.
  public var customer: CustomerIDs?

  /// Creates a filter that allows all runs.
  public init() {}

  /// The range of keys of its time.
  var keys: (from: String, upTo: String) {
    let from = since.map { Self.key($0) } ?? StoreKey.run.prefix
    return (
      from, until.map { Self.key(Timestamp(milliseconds: $0.milliseconds + 1)) } ?? StoreKey.run.end
    )
  }

  private static func key(_ time: Timestamp) -> String {
    StoreKey.run.key("run.\(Identifier.time(time))")
  }

  /// What the record of a run contains if it is allowed.
  var needles: Needles {
    var needles = Needles()
    if let flowConnection { needles.require(member: "flowConnection", flowConnection) }
    if let status { needles.require(member: "status", status.rawValue) }
    if let reason, !reason.isEmpty { needles.require(oneOf: ["reason", Run.warningStatus]) }
    if hasInvoice { needles.require(member: "total") }
    if let customer { needles.require(oneOf: customer.ids) }
    return needles
  }

  /// Whether it allows a reason.
  func allows(_ other: String?) -> Bool {
    reason.map { (other ?? "").lowercased().contains($0.lowercased()) } ?? true
  }
}

extension Registry {
  /// The latest runs that a filter allows, the oldest first.
  public func runs(_ filter: RunFilter, limit: Int = .max) throws(Problem) -> [Run] {
    let keys = filter.keys
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: keys.from, upTo: keys.upTo, reversed: true)
    }
    var runs: [Run] = []
    var scopes: [String: [String: String]] = [:]
    let needles = filter.needles
    while runs.count < limit, let record = try home.next(&scan) {
      guard needles.areIn(record.value) else { continue }
      let run = try Run(json: Home.document(in: record.value, at: record.key))
      if try lets(run, through: filter, &scopes) { runs.append(run) }
    }
    return runs.reversed()
  }

  /// Whether a filter allows a run.
  func lets(
    _ run: Run, through filter: RunFilter, _ scopes: inout [String: [String: String]]
  ) throws(Problem) -> Bool {
    guard filter.flowConnection ?? run.flowConnection == run.flowConnection,
      filter.status ?? run.status == run.status, filter.since ?? run.at <= run.at,
      filter.until ?? run.at >= run.at, filter.allows(run.reason ?? run.warning),
      !filter.hasInvoice || run.carriesInvoice
    else { return false }
    guard let customer = filter.customer else { return true }
    if scopes[run.flowConnection] == nil {
      scopes[run.flowConnection] = try self.scopes(of: run.flowConnection)
    }
    return customer.isSubject(of: run, scopes[run.flowConnection] ?? [:])
  }

  /// The account of each app of a flow connection; empty if it was removed.
  private func scopes(of flowConnection: String) throws(Problem) -> [String: String] {
    let flow = try flows.connections().first { $0.name == flowConnection }
    var scopes: [String: String] = [:]
    for part in flow?.parts ?? [] {
      scopes[part.step.app] = try connections.find(part.connection)?.scope
    }
    return scopes
  }
}

extension Run {
  /// Whether its trigger gave an invoice: only invoices have a total and lines.
  fileprivate var carriesInvoice: Bool {
    outputs.first.map { !$0["total"].isNull && $0["lines"].array != nil } ?? false
  }
}
