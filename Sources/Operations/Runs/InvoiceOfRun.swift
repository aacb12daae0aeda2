import Catalog
public import FoundationEssentials
public import Records
public import Setup
import StepKit
public import Values

/// An invoice that a run carries from one system to another.
public struct InvoiceOfRun: Sendable {
  /// The run, without personal data if the home redacts it.
  public let run: Run
  /// The ids by account, as far as they are known, sorted.
  public let ids: [(account: String, id: String)]
  /// The ids of the payer, written `account/id`.
  public let customers: [String]
  /// The total in major units, with the decimal places of the currency.
  public let total: String
  /// The part of ``total`` that is tax, as far as lines say that they are.
  public let tax: String
  /// The part of ``total`` that was paid when the run began.
  public let paid: String
  /// Whether all was paid when the run began.
  public let isPaid: Bool
  /// Whether a part was paid when the run began.
  public let hasPayment: Bool
  /// The currency.
  public let currency: String
  /// The first and the last day of the period, in UTC.
  public let period: String
  /// The invoice in the other app by the last recorded answer, if it has one.
  public let there: RecordedInvoice?
  /// The total in the other app less the one here, in major units; nil if it is not known.
  public let difference: Decimal?

  /// The invoice of a run; nil if its trigger gave none.
  public init?(_ run: Run, _ links: Links, _ registry: Registry) throws(Problem) {
    guard let document = run.outputs.first, let invoice = try? Invoice(json: document) else {
      return nil
    }
    let connections = try Self.connections(of: run.flowConnection, registry)
    let scopes = connections.mapValues(\.scope)
    func places(_ ids: [String: String]) -> [String: String] {
      Dictionary(ids.map { (scopes[$0.key] ?? $0.key, $0.value) }) { one, _ in one }
    }
    let own = places(invoice.ids)
    let linked = try links.row(.invoice, anyOf: own)?.ids ?? [:]
    ids = own.merging(linked) { one, _ in one }.sorted { $0.key < $1.key }
      .map { (account: $0.key, id: $0.value) }
    customers = places(invoice.customer).sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }
    currency = invoice.total.currency
    total = invoice.total.digits
    let taxes = invoice.lines.filter(\.isTax).reduce(Decimal(0)) { $0 + $1.amount }
    tax = Money(taxes, currency).digits
    paid = Money(invoice.paid, currency).digits
    hasPayment = invoice.paid > 0
    isPaid = invoice.paid >= invoice.total.amount
    period = [invoice.from, invoice.to].compactMap { $0?.date() }.joined(separator: " to ")
    there = try Self.there(ids, besides: Set(own.keys), connections, run, currency, registry)
    difference = there.flatMap { there in
      there.currency == invoice.total.currency
        ? there.total.map { $0 - invoice.total.amount } : nil
    }
    self.run = try Redactor(home: registry.home).shown(run).run
  }

  /// The connections of a flow connection by app.
  private static func connections(
    of flowConnection: String, _ registry: Registry
  ) throws(Problem) -> [String: Connection] {
    let flow = try registry.flows.connections().first { $0.name == flowConnection }
    var connections: [String: Connection] = [:]
    for part in flow?.parts ?? [] {
      connections[part.step.app] = try registry.connections.find(part.connection)
    }
    return connections
  }

  private static func there(
    _ ids: [(account: String, id: String)], besides own: Set<String>,
    _ connections: [String: Connection], _ run: Run, _ currency: String, _ registry: Registry
  ) throws(Problem) -> RecordedInvoice? {
    let others = ids.filter { !own.contains($0.account) }
    guard !others.isEmpty else { return nil }
    let effects = try RunStore(home: registry.home).effects(of: run)
    for other in others {
      guard let connection = connections.values.first(where: { $0.scope == other.account }),
        let found = RecordedInvoice(other.id, in: connection, effects, currency: currency)
      else { continue }
      return found
    }
    return nil
  }

  /// The columns of ``row``.
  public static let columns = [
    "run", "status", "at", "ids", "customer", "period", "total", "tax", "paid", "currency",
    "reason", "thereState", "thereTotal", "therePaid", "thereAt", "difference",
  ]

  /// The invoice as a row of a table.
  public var row: [String] {
    [
      run.id, run.status.rawValue, run.at.text,
      ids.map { "\($0.account)/\($0.id)" }.joined(separator: " "),
      customers.joined(separator: " "), period, total, tax, paid, currency, run.reason ?? "",
    ] + ["state", "total", "paid", "at"].map { there?.json[$0].string ?? "" }
      + [differenceText ?? ""]
  }

  /// Whether the totals differ.
  public var differs: Bool { difference.map { $0 != 0 } ?? false }

  /// The difference with all decimal places of the currency.
  public var differenceText: String? { difference.map { Money($0, currency).digits } }

  /// The invoice as a document.
  public var json: JSON {
    .members([
      "run": .string(run.id), "status": .string(run.status.rawValue), "at": .string(run.at.text),
      "ids": .texts(Dictionary(ids.map { ($0.account, $0.id) }) { one, _ in one }),
      "customers": .texts(customers), "period": .string(period), "total": .string(total),
      "tax": .string(tax), "paid": .string(paid), "isPaid": .bool(isPaid),
      "currency": .string(currency), "reason": .text(run.reason), "there": there?.json,
      "difference": .text(differenceText),
    ])
  }
}
