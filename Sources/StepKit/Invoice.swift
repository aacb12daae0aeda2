public import FoundationEssentials
public import Values

/// A demand for money, ready to be made in another app.
public struct Invoice: Document, Hashable {
  /// The invoice's id by app.
  public var ids: [String: String]
  /// The number that people see.
  public var number: String?
  /// The ids of who is to pay, by app.
  public var customer: [String: String]
  /// How much, in all.
  public var total: Money
  /// How much of it was paid before, from a wallet for example, in major units.
  public var paid: Decimal
  /// The ids of the payments that were made before, in the app that the invoice comes from.
  public var payments: [String] = []
  /// The lines, which add up to the total: charges are positive, credits negative.
  public var lines: [InvoiceLine]
  /// What it is for: the plan's name.
  public var subject: String?
  /// When the period begins.
  public var from: Timestamp?
  /// The last moment of the period.
  public var to: Timestamp?
  /// The date of the invoice.
  public var date: Timestamp?
  /// Days until it is due.
  public var netTermDays: Int?

  /// An invoice with its lines.
  public init(
    ids: [String: String], customer: [String: String], total: Money, lines: [InvoiceLine]
  ) {
    self.ids = ids
    self.customer = customer
    self.total = total
    self.lines = lines
    paid = 0
  }
}

extension Invoice {
  /// Reads an invoice; ids, total, currency and at least one line are required.
  public init(json: JSON) throws(Failure) {
    guard let ids = json["ids"].object?.compactMapValues(\.nonBlank), !ids.isEmpty,
      let total = json["total"].decimal, let currency = json["currency"].nonBlank
    else { throw .permanent("an invoice has ids, a total and a currency") }
    var lines: [InvoiceLine] = []
    for line in json["lines"].array ?? [] { lines.append(try InvoiceLine(json: line)) }
    guard !lines.isEmpty else { throw .permanent("the invoice has no lines") }
    self.init(
      ids: ids, customer: json["customer"].object?.compactMapValues(\.nonBlank) ?? [:],
      total: Money(total, currency), lines: lines)
    number = json["number"].nonBlank
    paid = json["paid"].decimal ?? 0
    payments = json["payments"].array?.compactMap(\.nonBlank) ?? []
    subject = json["subject"].nonBlank
    from = json["from"].string.flatMap(Timestamp.init(iso:))
    to = json["to"].string.flatMap(Timestamp.init(iso:))
    date = json["date"].string.flatMap(Timestamp.init(iso:))
    netTermDays = json["netTermDays"].int
  }

  /// The invoice as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "number": .text(number), "customer": .texts(customer),
      "total": .decimal(total.amount), "currency": .string(total.currency),
      "paid": .decimal(paid),
      "payments": payments.isEmpty ? nil : .array(payments.map(JSON.string)),
      "lines": .array(lines.map(\.json)), "subject": .text(subject),
      "from": .text(from?.text), "to": .text(to?.text), "date": .text(date?.text),
      "netTermDays": .int(netTermDays),
    ])
  }
}
