import FoundationEssentials
public import StepKit
public import Values

/// Chargebee's invoices whose date is in a time, the oldest first.
///
/// Source: https://apidocs.chargebee.com/docs/api/invoices.
public struct InvoiceList: Sendable {
  private let query: ListQuery
  private let settings: JSON
  private let answers: [String: Answer]

  /// The list as a query asks for it, with the connection's settings.
  public init(_ query: ListQuery, _ settings: JSON, _ answers: [String: Answer]) {
    self.query = query
    self.settings = settings
    self.answers = answers
  }

  /// The page.
  public func page() throws(Halt) -> ListPage<ListedInvoice> {
    let places = try CurrencyPlaces(settings["currencyPlaces"])
    return try DatedList(
      path: "/invoices", member: "invoice", date: "date",
      parameters: ["sort_by": ["asc": "date"]], thing: "invoices"
    ).page(query, answers) { (invoice) throws(Halt) in try item(invoice, places) }
  }

  private func item(_ invoice: JSON, _ places: CurrencyPlaces) throws(Halt) -> ListedInvoice {
    guard let id = invoice["id"].verbatim, let customer = invoice["customer_id"].verbatim,
      let currency = invoice["currency_code"].nonBlank?.uppercased(),
      let date = invoice["date"].int, let status = invoice["status"].nonBlank
    else { throw .fail(.permanent("it lacks a customer, a currency, a date or a status")) }
    guard let state = Self.state(status, invoice) else {
      throw .fail(.permanent("its status \(status.truncated(to: 40)) is not known"))
    }
    guard let total = try places.amount(invoice["total"], currency),
      let due = try places.amount(invoice["amount_due"], currency)
    else { throw .fail(.permanent("its total or what is due cannot be read")) }
    var item = ListedInvoice(
      id: id, customer: customer, currency: currency, total: total,
      due: state == .due || state == .draft ? due : 0, state: state, word: status,
      at: Timestamp(seconds: date))
    item.changed = invoice["updated_at"].int.map(Timestamp.init(seconds:))
    item.reference = InvoiceReference(settings).id(of: invoice) ?? invoice["po_number"].verbatim
    if invoice["deleted"].bool == true { item.exclusion = "deleted" }
    return item
  }

  private static func state(_ status: String, _ invoice: JSON) -> ListedInvoice.State? {
    switch status {
    case "pending": return .draft
    case "posted", "payment_due", "not_paid": return .due
    case "paid": return (invoice["write_off_amount"].int ?? 0) > 0 ? .uncollectible : .paid
    case "voided": return .void
    default: return nil
    }
  }
}
