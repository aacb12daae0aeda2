import FoundationEssentials
public import StepKit
public import Values

/// Chargebee's promotional credits that were added in a time.
///
/// Source: https://apidocs.chargebee.com/docs/api/promotional_credits, which names no order.
public struct CreditList: Sendable {
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
      path: "/promotional_credits", member: "promotional_credit", date: "created_at",
      parameters: ["type": ["is": "increment"]], thing: "credits"
    ).page(query, answers) { (credit) throws(Halt) in try item(credit, places) }
  }

  private func item(_ credit: JSON, _ places: CurrencyPlaces) throws(Halt) -> ListedInvoice {
    guard let id = credit["id"].verbatim, let customer = credit["customer_id"].verbatim,
      let currency = credit["currency_code"].nonBlank?.uppercased(),
      let date = credit["created_at"].int
    else { throw .fail(.permanent("it lacks a customer, a currency or a date")) }
    guard let amount = try places.amount(credit["amount"], currency) else {
      throw .fail(.permanent("its amount cannot be read"))
    }
    var item = ListedInvoice(
      id: id, customer: customer, currency: currency, total: amount, due: 0, state: .paid,
      word: "added", at: Timestamp(seconds: date))
    item.reference = credit["reference"].verbatim
    return item
  }
}
