import StepKit
import Values

/// An invoice of another app as a Chargebee invoice, in Chargebee's minor units.
struct NewInvoice {
  let invoice: Invoice
  let source: Source
  let options: InvoiceOptions
  /// The decimal places of the minor unit.
  let places: Int
  /// The sum of the lines, before taxes that Chargebee adds.
  let total: Int
  /// The amount that was paid before.
  let paid: Int
  private let charges: [(line: InvoiceLine, amount: Int)]
  private let credit: Int

  init(
    _ invoice: Invoice, _ source: Source, _ options: InvoiceOptions,
    _ currencies: CurrencyPlaces
  ) throws(Halt) {
    self.invoice = invoice
    self.source = source
    self.options = options
    places = try currencies.places(of: invoice.total.currency)
    let billed = try BilledLines(of: invoice, places: places, leavesTaxes: options.leavesTaxes)
    total = billed.total
    paid = invoice.paid.minor(places: places) ?? 0
    charges = billed.lines.filter { $0.amount > 0 }
    credit = billed.credit
  }

  /// The expected total of the Chargebee invoice.
  var due: Int { options.discountsPaid ? total - max(paid, 0) : total }

  /// The body of the request that creates it, billed on an item price or else line by line.
  func body(customer: String, itemPrice: String?, now: Timestamp?) -> JSON {
    .members([
      "customer_id": .string(customer), "currency_code": .string(invoice.total.currency),
      "po_number": .string(source.reference), "invoice_note": .string(note),
      "auto_collection": "off", "invoice_date": .int(date(now)),
      "net_term_days": options.hasNetTerms ? .int(invoice.validNetTermDays) : nil,
      "charges": itemPrice == nil ? .array(charges.map(charge)) : nil,
      "item_prices": itemPrice.map { [item($0)] },
      "discounts": discounts(isItem: itemPrice != nil),
    ])
  }

  // MARK: Private

  private func discounts(isItem: Bool) -> JSON? {
    // On an item price the credits are in the price
    let amounts = [isItem ? 0 : credit, options.discountsPaid ? max(paid, 0) : 0].filter { $0 > 0 }
    guard !amounts.isEmpty else { return nil }
    return .array(
      amounts.map { ["apply_on": "invoice_amount", "amount": .number(Numeral($0))] })
  }

  private func charge(_ line: InvoiceLine, _ amount: Int) -> JSON {
    .members([
      "amount": .int(amount), "description": description(line.description),
      "taxable": .bool(options.leavesTaxes), "date_from": .int(service?.from.seconds),
      "date_to": .int(service?.to.seconds),
    ])
  }

  private func item(_ price: String) -> JSON {
    let text = [invoice.subject, period].compactMap(\.self).joined(separator: " ")
    return .members([
      "item_price_id": .string(price), "quantity": 1, "unit_price": .int(total),
      "description": description(text),
      "date_from": .int(service?.from.seconds), "date_to": .int(service?.to.seconds),
    ])
  }

  private func description(_ text: String) -> JSON {
    .string((text.nonBlank ?? source.title).truncated(to: 250))
  }

  private var period: String? {
    [invoice.from, invoice.to].compactMap { $0?.date() }.joined(separator: "–").nonBlank
  }

  private var note: String {
    let parts = ["\(source.title) \(invoice.number ?? source.id)", invoice.subject, period]
    return parts.compactMap(\.self).joined(separator: ", ").truncated(to: 2000)
  }

  /// The period of service; Chargebee accepts both ends or none.
  private var service: (from: Timestamp, to: Timestamp)? {
    guard let from = invoice.from, let to = invoice.to, from <= to else { return nil }
    return (from, to)
  }

  /// The invoice date in seconds; Chargebee accepts dates of the last month only, and 28 days are
  /// within any month.
  private func date(_ now: Timestamp?) -> Int? {
    guard let date = invoice.date, let now, date <= now,
      date >= now.adding(seconds: -28 * 86_400)
    else { return nil }
    return date.seconds
  }
}
