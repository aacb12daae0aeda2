public import FoundationEssentials
public import Values

/// A payment, and the invoices that it paid.
public struct Payment: Document, Hashable {
  /// The ids by app.
  public var ids: [String: String]
  /// The payer.
  public var customer: Customer
  /// The amount.
  public var money: Money
  /// The time of the payment.
  public var at: Timestamp
  /// The payment method in the app's own terms: `card`, `bank_transfer` and so on.
  public var method: String?
  /// The payment gateway's reference.
  public var gatewayReference: String?
  /// The reference number given by the person or program that recorded the payment.
  public var reference: String?
  /// The invoices that it paid; none for an excess payment.
  public var invoices: [PaidInvoice]

  /// A payment for some invoices.
  public init(
    ids: [String: String], customer: Customer, money: Money, at: Timestamp,
    invoices: [PaidInvoice]
  ) {
    self.ids = ids
    self.customer = customer
    self.money = money
    self.at = at
    self.invoices = invoices
  }

  /// The payment as one for each settlement of its invoices in an app; only itself if they are not given.
  public func parts(in app: String) -> [Payment] {
    guard invoices.contains(where: { $0.settlements != nil }) else { return [self] }
    return invoices.flatMap { invoice in
      (invoice.settlements ?? []).map { settlement in
        var part = self
        part.ids[app] = settlement.id
        part.money = Money(settlement.amount, money.currency)
        part.method = settlement.method
        part.gatewayReference = settlement.gatewayReference
        part.reference = settlement.reference
        part.invoices = [invoice]
        part.invoices[0].applied = settlement.amount
        part.invoices[0].settlements = settlement.isTotal ? [settlement] : nil
        return part
      }
    }
  }

  /// The part of the payment for one of its invoices, in major units; nil if that is not known.
  public func amount(for invoice: PaidInvoice) -> Decimal? {
    invoice.applied ?? (invoices.count == 1 ? money.amount : nil)
  }
}

extension Payment {
  /// Reads a payment.
  ///
  /// - Throws: A permanent failure if ids, customer, amount, currency or time are missing.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].textMembers
    guard !ids.isEmpty, let amount = json["amount"].decimal,
      let currency = json["currency"].nonBlank, let at = json["at"].time
    else { throw .permanent("a payment has ids, an amount, a currency and a time") }
    let invoices = try json["invoices"].items.map(PaidInvoice.init(json:))
    self.init(
      ids: ids, customer: try Customer(json: json["customer"]), money: Money(amount, currency),
      at: at, invoices: invoices)
    method = json["method"].nonBlank
    gatewayReference = json["gatewayReference"].nonBlank
    reference = json["reference"].nonBlank
  }

  /// The payment as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "customer": customer.json, "amount": .decimal(money.amount),
      "currency": .string(money.currency), "at": .string(at.text), "method": .text(method),
      "gatewayReference": .text(gatewayReference), "reference": .text(reference),
      "invoices": .array(invoices.map(\.json)),
    ])
  }
}
