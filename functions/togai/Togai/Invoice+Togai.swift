import FoundationEssentials
public import StepKit
public import Values

extension Invoice {
  /// A Togai invoice with lines that add up to its total, rounded to the currency's decimal places.
  ///
  /// - Throws: A permanent failure if it names no currency or its total is not an amount of it.
  public init(
    _ invoice: TogaiInvoice, customer: [String: String], zone: TimeZoneRules
  ) throws(Halt) {
    guard let currency = invoice.currency else {
      throw .permanent(
        "Togai invoice \(invoice.id) names no currency: set that of the account in Togai,"
          + " and retry the run")
    }
    let places = Money.places(of: currency)
    guard let total = try invoice.total.minor(places: places), total > 0 else {
      throw .permanent(
        "the total of Togai invoice \(invoice.id) is no amount of \(currency):"
          + " correct it in Togai, and retry the run")
    }
    let from = invoice.json["startDate"].time
    // `endDate` is the first moment after the period
    let to =
      invoice.json["endDateInclusive"].time
      ?? invoice.json["endDate"].time.map { Timestamp(milliseconds: $0.milliseconds - 1) }
    let period = [from, to].compactMap { $0.map(zone.date) }.joined(separator: "–")
    let lines = RevenueLines(
      invoice.json["revenueInfo"], total: total, places: places, period: period)

    self.init(
      ids: [TogaiAPI.name: invoice.id], customer: customer,
      total: Money(minor: total, places: places, currency), lines: lines.lines())
    number = invoice.json["sequenceId"].nonBlank
    paid = max(try invoice.paid, 0)
    subject = invoice.json[path: "invoiceDetails.pricePlanName"].nonBlank
    self.from = from
    self.to = to
    date = invoice.json["invoiceDate"].time
    // Without a time zone or an offset the dates of the organisation are not known
    if zone != TimeZoneRules() {
      func day(_ time: Timestamp) -> String? { zone.isDoubtful(time) ? nil : zone.date(time) }
      dates = LocalDates(
        from: from.flatMap(day), to: to.map(zone.date), invoice: date.flatMap(day))
    }
    netTermDays = invoice.json["netTermDays"].int
  }
}
