import Catalog
import FoundationEssentials
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

  /// The invoice of a run; nil if its trigger gave none.
  public init?(_ run: Run, _ links: Links, _ registry: Registry) throws(Problem) {
    guard let document = run.outputs.first, let invoice = try? Invoice(json: document) else {
      return nil
    }
    let scopes = try Self.scopes(of: run.flowConnection, registry)
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
    self.run = try Redactor(home: registry.home).shown(run).run
  }

  private static func scopes(
    of flowConnection: String, _ registry: Registry
  ) throws(Problem) -> [String: String] {
    let flow = try registry.flows.connections().first { $0.name == flowConnection }
    var scopes: [String: String] = [:]
    for part in flow?.parts ?? [] {
      scopes[part.step.app] = try registry.connections.find(part.connection)?.scope
    }
    return scopes
  }

  /// The columns of ``row``.
  public static let columns = [
    "run", "status", "at", "ids", "customer", "period", "total", "tax", "paid", "currency",
    "reason",
  ]

  /// The invoice as a row of a table.
  public var row: [String] {
    [
      run.id, run.status.rawValue, run.at.text,
      ids.map { "\($0.account)/\($0.id)" }.joined(separator: " "),
      customers.joined(separator: " "), period, total, tax, paid, currency, run.reason ?? "",
    ]
  }

  /// The invoice as a document.
  public var json: JSON {
    .members([
      "run": .string(run.id), "status": .string(run.status.rawValue), "at": .string(run.at.text),
      "ids": .texts(Dictionary(ids.map { ($0.account, $0.id) }) { one, _ in one }),
      "customers": .texts(customers), "period": .string(period), "total": .string(total),
      "tax": .string(tax), "paid": .string(paid), "isPaid": .bool(isPaid),
      "currency": .string(currency), "reason": .text(run.reason),
    ])
  }
}
