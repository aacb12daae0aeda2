import FoundationEssentials
import StepKit
import Values

/// An invoice of another app as an invoice in Zoho Books, which counts in decimal major units.
struct NewInvoice {
  let invoice: Invoice
  let source: Source
  let options: InvoiceOptions
  /// The decimal places of the currency.
  let places: Int
  /// The amount due in minor units, before taxes that Zoho Books adds.
  let due: Int
  /// The earlier payment that is deducted, in minor units.
  private let paid: Int
  private let billed: BilledLines

  init(
    _ invoice: Invoice, _ source: Source, _ options: InvoiceOptions,
    _ currencies: CurrencyPlaces
  ) throws(Halt) {
    self.invoice = invoice
    self.source = source
    self.options = options
    places = try currencies.places(of: invoice.total.currency)
    billed = try BilledLines(of: invoice, places: places, leavesTaxes: options.leavesTaxes)
    guard let paid = invoice.paid.minor(places: places) else {
      throw .permanent(
        "\(invoice.paid) \(invoice.total.currency) is too large an amount: correct it in the app that it comes from, and retry the run"
      )
    }
    self.paid = options.paidAmounts == .discount ? max(paid, 0) : 0
    due = billed.total - self.paid
  }

  /// The expected total in major units.
  var total: Decimal { amount(due) }

  /// The reason why the invoice cannot be told to Zoho Books exactly; nil if it can.
  var objection: String? {
    if let date = dateHere, options.zone.isDoubtful(date) { return options.zone.doubt(date) }
    guard options.leavesTaxes else { return nil }
    if invoice.lines.contains(where: \.mayHoldTax) {
      return "its amounts cannot be told from its taxes, which Zoho Books is to compute: make this"
        + " invoice by hand, or set taxes=source in the flow"
    }
    if paid > 0, isDiscountBeforeTax {
      return
        "its credits are taken off before taxes, and what was paid before after them, which one"
        + " discount cannot do: set credits=lines or paidAmounts=whole in the flow"
    }
    return nil
  }

  /// Whether the other app computed taxes.
  var hasTaxes: Bool { invoice.lines.contains(where: \.isTax) }

  /// Text for a note on an amount that was rounded; nil for most.
  var remark: String? { billed.roundingNote(invoice.total.currency) }

  /// Text for a note on a date that is counted in UTC for want of a time zone; nil for most.
  var dateRemark: String? {
    guard let date = dateHere, options.zone == TimeZoneRules(),
      !date.milliseconds.isMultiple(of: 86_400_000)
    else { return nil }
    return "its date \(date.date()) is that of UTC: set timeZone of the connection"
  }

  /// The time of the invoice if its date is counted by this connection, not by the other app.
  private var dateHere: Timestamp? { invoice.dates.invoice == nil ? invoice.date : nil }

  /// Whether the discount is taken off before Zoho Books computes taxes, as credits are.
  private var isDiscountBeforeTax: Bool {
    options.leavesTaxes && options.credits == .discount && billed.credit > 0
  }

  /// The body of the request that creates it for a contact.
  func body(contact: String) -> JSON {
    let hasCreditLines = options.credits == .lines
    let lines = billed.lines.filter { $0.amount > 0 || (hasCreditLines && $0.amount < 0) }
    let discount = paid + (hasCreditLines ? 0 : billed.credit)
    return .members([
      "customer_id": .string(contact), "reference_number": .string(source.reference),
      "date": .text(invoice.dates.invoice ?? invoice.date.map(options.zone.date)),
      "payment_terms": options.hasNetTerms ? .int(invoice.validNetTermDays) : nil,
      "line_items": .array(lines.map { item($0.line.description, $0.amount) }),
      "discount": discount == 0 ? nil : .decimal(amount(discount)),
      "discount_type": discount == 0 ? nil : "entity_level",
      "is_discount_before_tax": discount == 0 ? nil : .bool(isDiscountBeforeTax),
      "notes": .string(note),
    ])
  }

  // MARK: Private

  /// Minor units in major units.
  private func amount(_ minor: Int) -> Decimal { Decimal(minor: minor, places: places) }

  private func item(_ description: String, _ minor: Int) -> JSON {
    let text = description.nonBlank ?? source.title
    let isLong = text.unicodeScalars.count > 100
    return .members([
      "name": .string(text.truncated(to: 100)),
      "description": isLong ? .string(text.truncated(to: 2000)) : nil,
      "rate": .decimal(amount(minor)), "quantity": 1,
    ])
  }

  private var note: String {
    let zone = options.zone
    let period = [
      invoice.dates.from ?? invoice.from.map(zone.date),
      invoice.dates.to ?? invoice.to.map(zone.date),
    ].compactMap(\.self)
    let parts = [
      "\(source.title) \(invoice.number ?? source.id)", invoice.subject,
      period.joined(separator: "–").nonBlank,
      paid > 0 ? "\(amount(paid)) \(invoice.total.currency) paid before" : nil,
      invoice.purchaseOrder.map { "purchase order \($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ").truncated(to: 2000)
  }
}
