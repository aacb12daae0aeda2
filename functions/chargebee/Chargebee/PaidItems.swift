import FoundationEssentials
import StepKit
import Values

/// The items that an invoice or a subscription sold, by item price.
enum PaidItems {
  /// The types of lines that name a price, in product catalog 2.0 and 1.0.
  private static let types: Set = [
    "plan_item_price", "addon_item_price", "charge_item_price", "plan", "addon",
  ]

  /// A line that names a price; the amount is in minor units, the times in seconds.
  private struct Line {
    let price: String
    let subscription: String
    let quantity: Int
    let amount: Int
    let from: Int?
    let to: Int?

    init?(_ json: JSON) {
      guard types.contains(json["entity_type"].string ?? ""),
        let price = json["entity_id"].nonBlank, let amount = json["amount"].int, amount > 0
      else { return nil }
      self.price = price
      self.amount = amount
      subscription = json["subscription_id"].nonBlank ?? ""
      quantity = max(json["quantity"].int ?? 1, 1)
      from = json["date_from"].int
      to = json["date_to"].int
    }
  }

  /// The items of an invoice, in the order of its lines, with amounts of a number of decimal places.
  ///
  /// A change in the middle of a term leaves several lines for one price of a subscription: credits,
  /// which are not purchases, and charges, the latest of which holds from then on. Lines of several
  /// subscriptions on one invoice add up.
  static func items(of invoice: JSON, places: Int) -> [PaidItem] {
    let lines = invoice["line_items"].items.compactMap(Line.init)
    let byPrice = Dictionary(grouping: lines, by: \.price)
    var taken: Set<String> = []
    return lines.filter { taken.insert($0.price).inserted }.map { line in
      item(line.price, latest(byPrice[line.price] ?? []), places)
    }
  }

  /// The items of a subscription, for a payment without an invoice.
  static func items(
    of subscription: JSON, _ currencies: CurrencyPlaces
  ) throws(Halt) -> [PaidItem] {
    let currency = subscription["currency_code"].nonBlank ?? ""
    let start = subscription["current_term_start"].int
    let end = subscription["current_term_end"].int
    var items: [PaidItem] = []
    for json in subscription["subscription_items"].items {
      guard let price = json["item_price_id"].nonBlank else { continue }
      var item = PaidItem(price: price, quantity: max(json["quantity"].int ?? 1, 1))
      item.amount = currency.isEmpty ? nil : try currencies.amount(json["amount"], currency)
      item.from = (json["current_term_start"].int ?? start).map(Timestamp.init(seconds:))
      item.to = (json["current_term_end"].int ?? end).map(Timestamp.init(seconds:))
      items.append(item)
    }
    return items
  }

  // MARK: Private

  /// The lines of each subscription that begin last.
  private static func latest(_ lines: [Line]) -> [Line] {
    let starts = lines.map { ($0.subscription, $0.from ?? 0) }
    let last = Dictionary(starts, uniquingKeysWith: max)
    return lines.filter { ($0.from ?? 0) == last[$0.subscription] }
  }

  private static func item(_ price: String, _ lines: [Line], _ places: Int) -> PaidItem {
    let quantity = lines.reduce(0) { sum, line in
      let (next, isTooLarge) = sum.addingReportingOverflow(line.quantity)
      return isTooLarge ? .max : next
    }
    var item = PaidItem(price: price, quantity: quantity)
    item.amount = lines.reduce(Decimal(0)) { $0 + Decimal(minor: $1.amount, places: places) }
    item.from = lines.compactMap(\.from).min().map(Timestamp.init(seconds:))
    item.to = lines.compactMap(\.to).max().map(Timestamp.init(seconds:))
    return item
  }
}
