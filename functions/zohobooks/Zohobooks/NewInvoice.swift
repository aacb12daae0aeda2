import FoundationEssentials
import StepKit
import Values

/// An invoice of another app as Zoho Books wants it: decimals in major units.
struct NewInvoice {
  let invoice: Invoice
  let source: Source
  let options: InvoiceOptions
  let places: Int
  /// What is to be paid, in minor units, before taxes that Zoho Books is to add.
  let due: Int
  /// What was paid before and is taken off.
  private let paid: Int
  private let lines: BilledLines

  init(
    _ invoice: Invoice, _ source: Source, _ options: InvoiceOptions
  ) throws(Failure) {
    self.invoice = invoice
    self.source = source
    self.options = options
    places = Money.places(of: invoice.total.currency)
    lines = try BilledLines(of: invoice, places: places, leavesTaxes: options.leavesTaxes)
    paid = options.paidAmounts == .discount ? max(invoice.paid.minor(places: places) ?? 0, 0) : 0
    due = lines.total - paid
  }

  /// What Zoho Books' invoice must come to, in major units.
  var total: Decimal { amount(due) }

  /// The request that makes it for a contact.
  func body(contact: String) -> JSON {
    .members([
      "customer_id": .string(contact), "reference_number": .string(source.reference),
      "date": .text(invoice.date.map(options.offset.date)),
      "payment_terms": options.hasNetTerms ? .int(invoice.netTermDays.flatMap(positive)) : nil,
      "line_items": .array(billed.map { item($0.line.description, $0.amount) }),
      "discount": discount == 0 ? nil : .decimal(amount(discount)),
      "discount_type": discount == 0 ? nil : "entity_level",
      "is_discount_before_tax": discount == 0 ? nil : false, "notes": .string(note),
    ])
  }

  /// An amount of minor units, in major ones.
  func amount(_ minor: Int) -> Decimal { Money(minor: minor, places: places, "").amount }
}

// MARK: - Amounts

extension NewInvoice {
  private var hasCreditLines: Bool { options.credits == .lines }

  private var billed: [(line: InvoiceLine, amount: Int)] {
    lines.lines.filter { $0.amount > 0 || (hasCreditLines && $0.amount < 0) }
  }

  private var discount: Int {
    paid + (hasCreditLines ? 0 : lines.credit)
  }

  private func positive(_ days: Int) -> Int? { days >= 0 ? days : nil }
}

// MARK: - Words

extension NewInvoice {
  private func item(_ description: String, _ minor: Int) -> JSON {
    let words = description.nonBlank ?? source.title
    let isLong = words.unicodeScalars.count > 100
    return .members([
      "name": .string(words.truncated(to: 100)),
      "description": isLong ? .string(words.truncated(to: 2000)) : nil,
      "rate": .decimal(amount(minor)), "quantity": 1,
    ])
  }

  private var note: String {
    let period = [invoice.from, invoice.to].compactMap { $0.map(options.offset.date) }
    let parts = [
      "\(source.title) \(invoice.number ?? source.id)", invoice.subject,
      period.joined(separator: "–").nonBlank,
    ]
    let paidBefore = paid > 0 ? "\(amount(paid)) \(invoice.total.currency) paid before" : nil
    return (parts + [paidBefore]).compactMap(\.self).joined(separator: ", ").truncated(to: 2000)
  }
}
