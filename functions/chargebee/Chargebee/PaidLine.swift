import FoundationEssentials
import StepKit
import Values

/// A line of an invoice that names a price, in product catalog 2.0 or 1.0.
struct PaidLine {
  private static let types: Set = [
    "plan_item_price", "addon_item_price", "charge_item_price", "plan", "addon",
  ]

  let price: String
  let subscription: String
  /// The id of the customer who uses what was bought, if the line or its subscription says so.
  let user: String?
  let quantity: Decimal
  /// The amount after discounts, in major units; negative for a credit.
  let amount: Decimal
  /// The period in seconds; without an end, it overlaps with every later one.
  let from: Int
  let to: Int?
  private let isDated: Bool

  /// Reads a line; nil if it sells nothing with a price.
  ///
  /// - Throws: A permanent failure if its amount or quantity cannot be read.
  init?(_ json: JSON, places: Int, userOf: [[UInt8]: String]) throws(Halt) {
    guard Self.types.contains(json["entity_type"].string ?? ""),
      let price = json["entity_id"].verbatim
    else { return nil }
    self.price = price
    subscription = json["subscription_id"].verbatim ?? ""
    user = json["customer_id"].verbatim ?? userOf[subscription.byteKey]
    amount = try Self.amount(json, places: places)
    let quantity = try Self.quantity(json)
    // A meter without usage is a line of nothing; a plan at 0 is bought like any other
    if quantity == 0, amount == 0 { return nil }
    self.quantity = quantity == 0 ? 1 : quantity
    // Clamped, so that no number in a hostile document overflows arithmetic
    from = Timestamp(seconds: json["date_from"].int ?? 0).seconds
    to = json["date_to"].int.map { Timestamp(seconds: $0).seconds }
    isDated = !json["date_from"].isNull
  }

  /// The start of the period, if the line has one.
  var start: Int? { isDated ? from : nil }

  /// Whether it is paid back instead of sold.
  var isCredit: Bool { amount < 0 }

  /// Whether two periods have a moment in common.
  func overlaps(_ other: PaidLine) -> Bool {
    from < other.to ?? .max && other.from < to ?? .max
  }

  /// Whether this line of a credit note pays back what a purchase in the middle of a term replaced: both
  /// begin at the change.
  func isFormer(of line: PaidLine) -> Bool {
    price.hasBytes(of: line.price) && subscription.hasBytes(of: line.subscription)
      && (line.from.subtractingReportingOverflow(from).partialValue).magnitude <= 86_400
  }

  private static func amount(_ json: JSON, places: Int) throws(Halt) -> Decimal {
    let minor = json["amount"]
    var amount = minor.isNull ? json["amount_in_decimal"].amount : minor.minorUnits(places)
    if !json["discount_amount"].isNull {
      amount = amount.flatMap { gross in
        json["discount_amount"].minorUnits(places).map { gross - $0 }
      }
    }
    guard let amount else { throw unreadable("amount", json) }
    return amount
  }

  private static func quantity(_ json: JSON) throws(Halt) -> Decimal {
    let exact = json["quantity_in_decimal"]
    let given = exact.isNull ? json["quantity"] : exact
    guard let quantity = given.isNull ? 1 : given.amount else {
      throw unreadable("quantity", json)
    }
    return quantity
  }

  private static func unreadable(_ member: String, _ json: JSON) -> Halt {
    let line = (json["id"].verbatim ?? json["entity_id"].verbatim ?? "?").truncated(to: 60)
    return .permanent(
      "the \(member) of line \(line) cannot be read: correct it in Chargebee, and retry the run")
  }
}

extension JSON {
  /// A whole number of minor units, or a string of one, in major units; nil for any other value.
  func minorUnits(_ places: Int) -> Decimal? {
    amount.flatMap { Int($0.description) }.map { Decimal(minor: $0, places: places) }
  }

  /// A whole number of minor units, or a string of one; nil if there is none.
  ///
  /// - Throws: A permanent failure if it cannot be read, which names the thing that it is of.
  func minorAmount(of thing: @autoclosure () -> String) throws(Halt) -> Int? {
    guard !isNull else { return nil }
    if let minor = amount.flatMap({ Int($0.description) }) { return minor }
    throw .permanent(
      "an amount of \(thing()) cannot be read: correct it in Chargebee, and retry the run")
  }
}
