public import FoundationEssentials
public import Values

/// What became of an invoice otherwise than by a payment: it was voided, merged, written off, or its money
/// went back.
public struct InvoiceEnding: Document, Hashable {
  /// The state of the invoice in the app that tells of it.
  public enum State: String, Sendable, CaseIterable {
    /// Nobody owes it any more, as if it had not been made.
    case voided
    /// Another invoice has taken its place.
    case merged
    /// What is open of it is given up.
    case uncollectible
    /// Money that paid it was paid back.
    case refunded
    /// A payment of it did not last: a late failure, or a chargeback.
    case reversed
  }

  /// The ids by app.
  public var ids: [String: String]
  /// The ids of the customer or account by app.
  public var customer: [String: String]
  /// The id of the invoice in the app that asked for it, if one did.
  public var reference: String?
  /// The state.
  public var state: State
  /// The ISO 4217 code of the currency.
  public var currency: String
  /// The total in major units.
  public var total: Decimal
  /// What was written off or went back, in major units; for the other states what was settled before.
  public var amount: Decimal
  /// The id of the refund or transaction that is the cause, or the person who asked for it; nil if nothing is
  /// known.
  public var cause: String?
  /// The item prices of its lines, one for each, for which something may have been granted.
  public var prices: [String] = []

  /// The ending of an invoice.
  public init(
    ids: [String: String], customer: [String: String], state: State, currency: String,
    total: Decimal, amount: Decimal
  ) {
    self.ids = ids
    self.customer = customer
    self.state = state
    self.currency = currency
    self.total = total
    self.amount = amount
  }
}

extension InvoiceEnding {
  /// Reads an ending.
  ///
  /// - Throws: A permanent failure if ids, state, currency, total or amount are missing.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].textMembers
    guard !ids.isEmpty, let state = json["state"].string.flatMap(State.init(rawValue:)),
      let currency = json["currency"].nonBlank, let total = json["total"].decimal,
      let amount = json["amount"].decimal
    else {
      throw .permanent("an invoice's ending has ids, a state, a currency, a total and an amount")
    }
    self.init(
      ids: ids, customer: json["customer"].textMembers, state: state, currency: currency,
      total: total, amount: amount)
    reference = json["reference"].verbatim
    cause = json["cause"].verbatim
    prices = json["prices"].items.compactMap(\.verbatim)
  }

  /// The ending as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "customer": customer.isEmpty ? nil : .texts(customer),
      "reference": .text(reference), "state": .string(state.rawValue),
      "currency": .string(currency), "total": .decimal(total), "amount": .decimal(amount),
      "cause": .text(cause), "prices": prices.isEmpty ? nil : .texts(prices),
    ])
  }
}
