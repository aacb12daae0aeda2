public import Values

/// Money that came, and what it was for.
public struct Payment: Document, Hashable {
  /// The payment's id by app.
  public var ids: [String: String]
  /// Who paid.
  public var customer: Customer
  /// How much.
  public var money: Money
  /// When it was taken.
  public var at: Timestamp
  /// The way of payment as the app names it: `card`, `bank_transfer` ….
  public var method: String?
  /// What the payment gateway calls it.
  public var gatewayReference: String?
  /// The reference number that who recorded the payment by hand or by an API gave it.
  public var reference: String?
  /// What it paid: one invoice or several; none where it became an excess payment.
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
}

extension Payment {
  /// Reads a payment; ids, customer, money and time are required.
  public init(json: JSON) throws(Failure) {
    guard let ids = json["ids"].object?.compactMapValues(\.nonBlank), !ids.isEmpty,
      let amount = json["amount"].decimal, let currency = json["currency"].nonBlank,
      let at = json["at"].string.flatMap(Timestamp.init(iso:))
    else { throw .permanent("a payment has ids, an amount, a currency and a time") }
    var invoices: [PaidInvoice] = []
    for invoice in json["invoices"].array ?? [] { invoices.append(try PaidInvoice(json: invoice)) }
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
