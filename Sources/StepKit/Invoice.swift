public import FoundationEssentials
public import Values

/// An invoice that is to be made in another app.
public struct Invoice: Document, Hashable {
  /// The ids by app.
  public var ids: [String: String]
  /// The number that people see.
  public var number: String?
  /// The payer's ids by app.
  public var customer: [String: String]
  /// The total.
  public var total: Money
  /// The part of the total that was paid before, in major units.
  public var paid: Decimal
  /// What of that was paid in other apps and is only recorded in the source app, in major units.
  public var recorded: Decimal = 0
  /// The ids, in the source app, of the payments that were made before.
  public var payments: [String] = []
  /// The lines, which add up to the total: charges are positive, credits negative.
  public var lines: [InvoiceLine]
  /// The subject, such as the plan's name.
  public var subject: String?
  /// The start of the period.
  public var from: Timestamp?
  /// The last moment of the period.
  public var to: Timestamp?
  /// The invoice date.
  public var date: Timestamp?
  /// The dates of the period and the invoice in the source's time zone, if that is known.
  public var dates = LocalDates()
  /// Days until it is due.
  public var netTermDays: Int?
  /// The customer's purchase order, which is printed on the invoice.
  public var purchaseOrder: String?
  /// The ids, in the source app, of invoices that this one takes the place of.
  public var replaced: [String] = []

  /// An invoice of which nothing is paid.
  public init(
    ids: [String: String], customer: [String: String], total: Money, lines: [InvoiceLine]
  ) {
    self.ids = ids
    self.customer = customer
    self.total = total
    self.lines = lines
    paid = 0
  }

  /// The days until it is due, unless negative.
  public var validNetTermDays: Int? { netTermDays.flatMap { $0 >= 0 ? $0 : nil } }

  /// The invoice with its id in one more app.
  public func with(_ id: String, in app: String) -> Invoice {
    var invoice = self
    invoice.ids[app] = id
    return invoice
  }
}

extension Invoice {
  /// Reads an invoice.
  ///
  /// - Throws: A permanent failure if ids, total, currency or lines are missing.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].textMembers
    guard !ids.isEmpty, let total = json["total"].decimal, let currency = json["currency"].nonBlank
    else { throw .permanent("an invoice has ids, a total and a currency") }
    let lines = try json["lines"].items.map(InvoiceLine.init(json:))
    guard !lines.isEmpty else { throw .permanent("the invoice has no lines") }
    self.init(
      ids: ids, customer: json["customer"].textMembers, total: Money(total, currency), lines: lines)
    number = json["number"].nonBlank
    paid = json["paid"].decimal ?? 0
    recorded = json["recorded"].decimal ?? 0
    payments = json["payments"].items.compactMap(\.verbatim)
    subject = json["subject"].nonBlank
    from = json["from"].time
    to = json["to"].time
    date = json["date"].time
    dates = LocalDates(json: json["dates"])
    netTermDays = json["netTermDays"].int
    purchaseOrder = json["purchaseOrder"].nonBlank
    replaced = json["replaced"].items.compactMap(\.verbatim)
  }

  /// The invoice as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "number": .text(number), "customer": .texts(customer),
      "total": .decimal(total.amount), "currency": .string(total.currency),
      "paid": .decimal(paid), "recorded": recorded == 0 ? nil : .decimal(recorded),
      "payments": payments.isEmpty ? nil : .array(payments.map(JSON.string)),
      "lines": .array(lines.map(\.json)), "subject": .text(subject),
      "from": .text(from?.text), "to": .text(to?.text), "date": .text(date?.text),
      "dates": dates.json, "netTermDays": .int(netTermDays), "purchaseOrder": .text(purchaseOrder),
      "replaced": replaced.isEmpty ? nil : .array(replaced.map(JSON.string)),
    ])
  }
}
