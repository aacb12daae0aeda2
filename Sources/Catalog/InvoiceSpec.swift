import Values

/// How the answers of an app show an invoice: `invoice` in `app.json`, paths in an answer or in a member of it.
public struct InvoiceSpec: Sendable {
  /// The member of an answer that has the invoice; nil if the answer is the invoice.
  public let within: String?
  /// The path of the state, in the words of the app.
  public let state: String
  /// The path of the currency; nil if the app does not always say it.
  public let currency: String?
  /// The path of the total.
  public let total: String
  /// The path of the part of the total that is tax.
  public let tax: String?
  /// The path of what was paid.
  public let paid: String?
  /// The path of what is to be paid.
  public let due: String?
  /// The currencies whose amounts are whole units, if those of others are whole hundredths; nil if all amounts
  /// are in major units.
  public let wholeUnits: [String]?
  /// The setting with the decimal places of currencies, if amounts are in minor units.
  public let places: String?

  init(_ facts: ObjectReader) throws(Problem) {
    try facts.knows(
      ["within", "state", "currency", "total", "tax", "paid", "due", "wholeUnits", "places"])
    within = facts.optionalText("within")
    state = try facts.text("state")
    currency = facts.optionalText("currency")
    total = try facts.text("total")
    tax = facts.optionalText("tax")
    paid = facts.optionalText("paid")
    due = facts.optionalText("due")
    wholeUnits = try facts.optionalTexts("wholeUnits")
    places = facts.optionalText("places")
  }
}
