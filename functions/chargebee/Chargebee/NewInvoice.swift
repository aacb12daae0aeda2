import FoundationEssentials
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
  /// What of that was paid in other apps, such as Chargebee, and is only recorded in the source app.
  let recorded: Int
  /// The reason why the invoice cannot be told to Chargebee exactly; nil if it can.
  let objection: String?
  private let billed: BilledLines
  private let charges: [BilledCharge]
  private let credit: Int

  init(
    _ invoice: Invoice, _ source: Source, _ options: InvoiceOptions,
    _ currencies: CurrencyPlaces
  ) throws(Halt) {
    self.invoice = invoice
    self.source = source
    self.options = options
    places = try currencies.places(of: invoice.total.currency)
    billed = try BilledLines(of: invoice, places: places, leavesTaxes: options.leavesTaxes)
    total = billed.total
    guard let paid = invoice.paid.minor(places: places) else {
      throw .permanent(
        "\(invoice.paid) \(invoice.total.currency) is too large an amount: correct it in the app that it comes from, and retry the run"
      )
    }
    self.paid = max(paid, 0)
    recorded = min(max(invoice.recorded.minor(places: places) ?? 0, 0), self.paid)
    let net = BilledCharge.netting(billed)
    charges = net ?? billed.lines.filter { $0.amount > 0 }.map(BilledCharge.init)
    credit = net == nil ? billed.credit : 0
    objection = Self.objection(
      to: invoice, options, isPaid: paid > 0, hasOnlyCharges: net != nil || billed.credit == 0)
  }

  /// The expected total of the Chargebee invoice, before taxes that Chargebee adds.
  var due: Int { options.discountsPaid ? total - paid : total }

  /// Whether the other app computed taxes.
  var hasTaxes: Bool { invoice.lines.contains { $0.isTax } }

  /// Text for a note on an amount that was rounded; nil for most.
  var remark: String? { billed.roundingNote(invoice.total.currency) }

  /// Text for a note on a paid amount that was rounded; nil for most.
  var paidRemark: String? {
    let rounding = Decimal(minor: paid, places: places) - max(invoice.paid, 0)
    guard rounding != 0 else { return nil }
    return "what was paid before is rounded by \(rounding) \(invoice.total.currency)"
  }

  /// Whether an item price charges the taxes of the invoice once.
  ///
  /// It does not if it is taxable beside the other app's taxes, which are in the amount already, nor if
  /// it is not taxable, and Chargebee is to compute the taxes that were left out.
  func fits(itemPriceIsTaxable: Bool) -> Bool {
    !hasTaxes || itemPriceIsTaxable == options.leavesTaxes
  }

  /// The body of the request that creates it, billed on an item price or else line by line.
  func body(customer: String, itemPrice: String?, now: Timestamp?) -> JSON {
    var body: [String: JSON] = [:]
    body["customer_id"] = .string(customer)
    body["currency_code"] = .string(invoice.total.currency)
    let isOurs = options.reference == .poNumber
    body["po_number"] = .text(isOurs ? source.reference : invoice.purchaseOrder?.truncated(to: 100))
    if case .customField(let name) = options.reference { body[name] = .string(source.reference) }
    body["invoice_note"] = .string(options.reference.note(note, source.reference))
    body["auto_collection"] = "off"
    body["invoice_date"] = .int(date(now)?.seconds)
    body["net_term_days"] = options.hasNetTerms ? .int(invoice.validNetTermDays) : nil
    body["charges"] = itemPrice == nil ? .array(charges.map(charge)) : nil
    body["item_prices"] = itemPrice.map { [item($0)] }
    body["discounts"] = discounts(isItem: itemPrice != nil)
    return .object(body)
  }

  /// The invoice date: the first moment of its day at the site or, without the site's time zone, the
  /// time that the other app gives.
  ///
  /// Chargebee accepts dates of the last month only, and 28 days are within any month. A day that has
  /// not begun at the site is given all the same: Chargebee refuses it until then.
  func date(_ now: Timestamp?) -> Timestamp? {
    guard let time = invoice.date, let now else { return nil }
    guard let zone = options.zone else {
      return time <= now && time >= now.adding(seconds: -28 * 86_400) ? time : nil
    }
    guard let start = zone.start(of: invoice.dates.invoice ?? day(time)),
      start >= now.adding(seconds: -28 * 86_400), start <= now.adding(seconds: 86_400)
    else { return nil }
    return start
  }
}

// MARK: - What cannot be expressed

extension NewInvoice {
  private static func objection(
    to invoice: Invoice, _ options: InvoiceOptions, isPaid: Bool, hasOnlyCharges: Bool
  ) -> String? {
    let taxes = invoice.lines.filter(\.isTax)
    if options.leavesTaxes {
      if options.prices == .inclusive {
        return
          "Chargebee would take its taxes out of amounts that have none, since the site's prices"
          + " include them: set taxes=source in the flow"
      }
      if invoice.lines.contains(where: \.mayHoldTax) {
        return "its amounts cannot be told from its taxes, which Chargebee is to compute: make this"
          + " invoice by hand, or set taxes=source in the flow"
      }
    }
    if options.discountsPaid, isPaid, options.leavesTaxes || !taxes.isEmpty {
      return
        "a discount for what was paid before would change its taxes: set paidAmounts=record in the"
        + " flow"
    }
    if !options.leavesTaxes, !taxes.isEmpty, !hasOnlyCharges {
      return
        "its credits are more than its charges, and a discount would change its taxes: make this"
        + " invoice by hand"
    }
    return nil
  }
}

// MARK: - Parts of the body

extension NewInvoice {
  private func discounts(isItem: Bool) -> JSON? {
    // On an item price the credits are in the price
    let amounts = [isItem ? 0 : credit, options.discountsPaid ? paid : 0].filter { $0 > 0 }
    guard !amounts.isEmpty else { return nil }
    return .array(
      amounts.map { ["apply_on": "invoice_amount", "amount": .number(Numeral($0))] })
  }

  private func charge(_ charge: BilledCharge) -> JSON {
    let less = charge.credit > 0 ? " (less \(text(charge.credit)) of credits)" : ""
    let name = charge.line.description.nonBlank ?? source.title
    return .members([
      "amount": .int(charge.amount),
      "description": .string(name.truncated(to: 250 - less.unicodeScalars.count) + less),
      "taxable": .bool(options.leavesTaxes), "date_from": .int(service?.from.seconds),
      "date_to": .int(service?.to.seconds),
    ])
  }

  private func item(_ price: String) -> JSON {
    let text = [invoice.subject, period].compactMap(\.self).joined(separator: " ")
    return .members([
      "item_price_id": .string(price), "quantity": 1, "unit_price": .int(total),
      "description": .string((text.nonBlank ?? source.title).truncated(to: 250)),
      "date_from": .int(service?.from.seconds), "date_to": .int(service?.to.seconds),
    ])
  }

  /// An amount in minor units with its currency.
  func text(_ minor: Int) -> String {
    "\(Decimal(minor: minor, places: places)) \(invoice.total.currency)"
  }

  /// The dates of the period, as the other app shows them.
  private var days: [String] {
    [invoice.dates.from ?? invoice.from.map(day), invoice.dates.to ?? invoice.to.map(day)]
      .compactMap(\.self)
  }

  /// The date of a time: at the site or, if a day of UTC begins or ends with it, that one, since the other
  /// app counts in UTC.
  private func day(_ time: Timestamp) -> String {
    let seconds = time.milliseconds / 1000
    let isUTC = seconds.isMultiple(of: 86_400) || (seconds + 1).isMultiple(of: 86_400)
    return isUTC ? time.date() : options.zone?.date(time) ?? time.date()
  }

  private var period: String? { days.joined(separator: "–").nonBlank }

  private var note: String {
    let order = options.reference == .poNumber ? invoice.purchaseOrder : nil
    let parts = [
      "\(source.title) \(invoice.number ?? source.id)", invoice.subject, period,
      order.map { "purchase order \($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  /// The period of service; Chargebee accepts both ends or none.
  ///
  /// With the site's time zone, it is the
  /// same days at the site.
  private var service: (from: Timestamp, to: Timestamp)? {
    guard let from = invoice.from, let to = invoice.to, from <= to else { return nil }
    guard let zone = options.zone, days.count == 2, let start = zone.start(of: days[0]),
      let last = Timestamp(iso: days[1]),
      let end = zone.start(of: last.adding(seconds: 86_400).date())
    else { return (from, to) }
    return (start, end.adding(seconds: -1))
  }
}
