import FoundationEssentials
import StepKit
import Values

/// An invoice of another app as Chargebee wants it, in its minor units.
struct NewInvoice {
  let invoice: Invoice
  let source: Source
  let options: InvoiceOptions
  let places: Int
  /// What the lines come to: the total, without what Chargebee is to add.
  let total: Int
  /// What was paid before.
  let paid: Int
  private let charges: [(line: InvoiceLine, amount: Int)]
  private let credit: Int

  init(
    _ invoice: Invoice, _ source: Source, _ options: InvoiceOptions,
    _ currencies: CurrencyPlaces
  ) throws(Failure) {
    self.invoice = invoice
    self.source = source
    self.options = options
    let places = try currencies.places(of: invoice.total.currency)
    let billed = try BilledLines(of: invoice, places: places, leavesTaxes: options.leavesTaxes)
    self.places = places
    total = billed.total
    paid = invoice.paid.minor(places: places) ?? 0
    charges = billed.lines.filter { $0.amount > 0 }
    credit = billed.credit
  }

  /// What Chargebee's invoice must come to.
  var due: Int { options.discountsPaid ? total - max(paid, 0) : total }

  /// The request, billed on an item price or else line by line.
  func body(customer: String, itemPrice: String?, now: Timestamp?) -> JSON {
    .members([
      "customer_id": .string(customer), "currency_code": .string(invoice.total.currency),
      "po_number": .string(source.reference), "invoice_note": .string(note),
      "auto_collection": "off", "invoice_date": .int(date(now)),
      "net_term_days": options.hasNetTerms ? .int(invoice.netTermDays.flatMap(positive)) : nil,
      "charges": itemPrice == nil ? .array(charges.map(charge)) : nil,
      "item_prices": itemPrice.map { [item($0)] },
      "discounts": discounts(isItem: itemPrice != nil),
    ])
  }
}

// MARK: - Amounts

extension NewInvoice {
  private func discounts(isItem: Bool) -> JSON? {
    // On an item price the credits are in the price
    let amounts = [isItem ? 0 : credit, options.discountsPaid ? max(paid, 0) : 0].filter { $0 > 0 }
    guard !amounts.isEmpty else { return nil }
    return .array(
      amounts.map { ["apply_on": "invoice_amount", "amount": .number(Numeral($0))] })
  }
}

// MARK: - Words and dates

extension NewInvoice {
  private var period: String {
    [invoice.from, invoice.to].compactMap { $0?.date() }.joined(separator: "–")
  }

  private var note: String {
    let parts = [
      "\(source.title) \(invoice.number ?? source.id)", invoice.subject, period.nonBlank,
    ]
    return parts.compactMap(\.self).joined(separator: ", ").truncated(to: 2000)
  }

  private func charge(_ line: InvoiceLine, _ amount: Int) -> JSON {
    .members([
      "amount": .int(amount),
      "description": .string((line.description.nonBlank ?? source.title).truncated(to: 250)),
      "taxable": .bool(options.leavesTaxes), "date_from": .int(service?.from.seconds),
      "date_to": .int(service?.to.seconds),
    ])
  }

  private func item(_ price: String) -> JSON {
    let words = [invoice.subject, period.nonBlank].compactMap(\.self).joined(separator: " ")
    return .members([
      "item_price_id": .string(price), "quantity": 1, "unit_price": .int(total),
      "description": .string((words.nonBlank ?? source.title).truncated(to: 250)),
      "date_from": .int(service?.from.seconds), "date_to": .int(service?.to.seconds),
    ])
  }

  /// Chargebee takes both ends of the period or none.
  private var service: (from: Timestamp, to: Timestamp)? {
    guard let from = invoice.from, let to = invoice.to, from <= to else { return nil }
    return (from, to)
  }

  /// Chargebee takes a date of the last month and no other; 28 days are within any month.
  private func date(_ now: Timestamp?) -> Int? {
    guard let date = invoice.date, let now, date <= now,
      date >= now.adding(seconds: -28 * 86_400)
    else { return nil }
    return date.seconds
  }

  private func positive(_ days: Int) -> Int? { days >= 0 ? days : nil }
}
