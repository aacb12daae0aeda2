import Catalog
public import FoundationEssentials
import Records
import Setup
import StepKit
public import Values

/// An invoice in the other app, as the last recorded answer of a run shows it.
public struct RecordedInvoice: Sendable {
  /// The id in the app.
  public let id: String
  /// The account, such as `chargebee:acme`.
  public let account: String
  /// The state in the words of the app.
  public let state: String
  /// The currency; the one of the run's invoice if the app does not say it.
  public let currency: String
  /// The total in major units, if it can be read.
  public let total: Decimal?
  /// The part of the total that is tax, if the app says it.
  public let tax: Decimal?
  /// What was paid, if the app says it.
  public let paid: Decimal?
  /// When the answer came.
  public let at: Timestamp

  /// The last of the answers that show the invoice of an id in the account of a connection; nil if none does.
  init?(_ id: String, in connection: Connection, _ effects: [RunEffect], currency: String) {
    guard let spec = connection.app.invoice else { return nil }
    let answers = effects.compactMap { effect -> (at: Timestamp, invoice: JSON)? in
      let value = effect.record["answer"]["value"]
      let invoice = spec.within.map { value[$0] } ?? value
      guard invoice["id"].verbatim == id, !invoice[path: spec.state].isNull,
        let at = effect.record["sent"].time ?? effect.record["at"].time
      else { return nil }
      return (at, invoice)
    }
    guard let (at, invoice) = answers.max(by: { $0.at < $1.at }),
      let state = invoice[path: spec.state].nonBlank
    else { return nil }
    let own = spec.currency.flatMap { invoice[path: $0].nonBlank?.uppercased() } ?? currency
    func amount(_ path: String?) -> Decimal? {
      path.flatMap { Self.amount(invoice[path: $0], own, spec, connection) }
    }
    (self.id, account, self.state, self.currency, self.at) = (
      id, connection.scope, state, own, at
    )
    (total, tax, paid) = (amount(spec.total), amount(spec.tax), amount(spec.paid))
  }

  /// An amount in major units; nil if it cannot be read, or if the places of the currency are not known.
  private static func amount(
    _ value: JSON, _ currency: String, _ spec: InvoiceSpec, _ connection: Connection
  ) -> Decimal? {
    guard let whole = spec.wholeUnits else { return value.amount }
    let setting = spec.places.map { connection.settings[$0] } ?? .null
    let places = try? CurrencyPlaces(setting) { (currency) throws(Halt) in
      if whole.contains(currency) { return 0 }
      guard Money.places(of: currency) > 0 else {
        throw .fail(.permanent("the decimal places of \(currency) are not known"))
      }
      return 2
    }
    return (try? places?.amount(value, currency)) ?? nil
  }

  /// The invoice as it is shown.
  public var json: JSON {
    .members([
      "id": .string(id), "account": .string(account), "state": .string(state),
      "currency": .string(currency), "total": .text(total.map { Money($0, currency).digits }),
      "tax": .text(tax.map { Money($0, currency).digits }),
      "paid": .text(paid.map { Money($0, currency).digits }), "at": .string(at.text),
    ])
  }
}
