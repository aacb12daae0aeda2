import FoundationEssentials
public import StepKit
import Values

/// Togai's invoices whose date is in a time, or the credits among them.
///
/// The API does not say which time `start_time` and `end_time` compare. So the list is asked for a wider time,
/// and the date of each invoice decides.
public struct InvoiceList: Sendable {
  /// Which invoices are listed.
  public enum Portion: Sendable {
    /// All of them.
    case invoices
    /// Those of less than nothing, which are credits.
    case credits
  }

  private let portion: Portion
  private let query: ListQuery
  private let answers: [String: Answer]

  /// The seconds by which the time that is asked for is wider, before and after: the longest term that is
  /// usual between the start of an invoice and its date.
  private static let margin = 400 * 86_400

  /// The list as a query asks for it.
  public init(_ portion: Portion, _ query: ListQuery, _ answers: [String: Answer]) {
    self.portion = portion
    self.query = query
    self.answers = answers
  }

  /// The page.
  public func page() throws(Halt) -> ListPage<ListedInvoice> {
    let asked = JSON.members([
      "pageSize": 50,
      "start_time": .int(query.from.adding(seconds: -Self.margin).milliseconds),
      "end_time": .int(query.until.adding(seconds: Self.margin).milliseconds),
      "nextToken": .text(query.cursor?.string),
    ])
    let answer = try answers.answer(to: .get("page", "/invoices", query: asked))
    let value = try TogaiAPI.value(of: answer, "the list of invoices")
    let token = value["data"].items.isEmpty ? nil : value["nextToken"].nonBlank
    return try ListPage(reading: value["data"].items, cursor: token.map(JSON.string)) {
      (json) throws(Halt) in
      guard let date = json["invoiceDate"].time else {
        throw .fail(.permanent("its date cannot be read"))
      }
      guard query.from <= date, date < query.until else { return nil }
      let invoice = TogaiInvoice(json, id: json["id"].verbatim ?? "without an id")
      return portion == .invoices ? try item(invoice, date) : try credit(invoice, date)
    }
  }

  /// A credit, with its amount above nothing; nil if the invoice is none.
  private func credit(_ invoice: TogaiInvoice, _ date: Timestamp) throws(Halt) -> ListedInvoice? {
    guard try invoice.total < 0 else { return nil }
    let listed = try item(invoice, date)
    let places = Money.places(of: listed.currency)
    let amount = (-listed.total).minor(places: places).map { Decimal(minor: $0, places: places) }
    let isVoid = listed.state == .void || listed.state == .merged
    var item = ListedInvoice(
      id: invoice.id, customer: listed.customer, currency: listed.currency,
      total: amount ?? -listed.total, due: 0, state: isVoid ? .void : .paid, word: invoice.status,
      at: date)
    item.changed = listed.changed
    item.exclusion = listed.exclusion == Self.aCredit ? nil : listed.exclusion
    if amount == 0 { item.exclusion = "nothing to pay" }
    return item
  }

  private func item(_ invoice: TogaiInvoice, _ date: Timestamp) throws(Halt) -> ListedInvoice {
    guard let currency = invoice.currency else {
      throw .fail(.permanent("its currency cannot be read"))
    }
    guard let state = Self.states[invoice.status] else {
      throw .fail(.permanent("its status \(invoice.status.truncated(to: 40)) is not known"))
    }
    let total = try invoice.total
    let isOpen = state == .due || state == .draft
    var item = ListedInvoice(
      id: invoice.id, customer: invoice.owner ?? "", currency: currency, total: total,
      due: isOpen ? total - (try invoice.paid) : 0, state: state, word: invoice.status, at: date)
    item.changed = invoice.json["updatedAt"].time
    item.exclusion = Self.exclusion(of: invoice, state, total)
    return item
  }

  /// The states of Togai's statuses (InvoicesStatus in its OpenAPI file).
  private static let states: [String: ListedInvoice.State] = [
    "DRAFT": .draft, "DUE": .due, "PARTIALLY_PAID": .due, "PAID": .paid, "VOID": .void,
    "UN_COLLECTIBLE": .uncollectible, "MERGED": .merged, "REFUND_INITIATED": .refunded,
    "REFUND_COMPLETED": .refunded,
  ]

  private static let aCredit = "a credit"

  private static func exclusion(
    of invoice: TogaiInvoice, _ state: ListedInvoice.State, _ total: Decimal
  ) -> String? {
    if invoice.isOrder { return "an order" }
    if state == .draft || invoice.isFinalizing { return "not final yet" }
    if state == .merged { return "merged into the invoice of its group" }
    if total < 0 { return aCredit }
    return total == 0 ? "nothing to pay" : nil
  }
}
