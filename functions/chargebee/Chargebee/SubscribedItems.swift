import FoundationEssentials
import StepKit
import Values

/// The items of a subscription, for a payment without an invoice.
struct SubscribedItems {
  let subscription: JSON
  let currencies: CurrencyPlaces
  /// The currency, if the subscription does not say its own.
  let currency: String

  /// The items by item price or, in product catalog 1.0, the plan and the addons.
  func items() throws(Halt) -> [PaidItem] {
    let places = try currencies.places(of: subscription["currency_code"].nonBlank ?? currency)
    var items: [PaidItem] = []
    for json in subscription["subscription_items"].items {
      let amount = json["amount"].isNull ? nil : json["amount"].minorUnits(places)
      guard let item = try item(json, "item_price_id", amount) else { continue }
      items.append(item)
    }
    guard items.isEmpty else { return items }
    let plan = JSON.members([
      "id": subscription["plan_id"], "quantity": subscription["plan_quantity"],
      "quantity_in_decimal": subscription["plan_quantity_in_decimal"],
      "amount": subscription["plan_amount"], "unit_price": subscription["plan_unit_price"],
    ])
    for json in [plan] + subscription["addons"].items {
      guard var item = try item(json, "id", json["amount"].minorUnits(places)) else { continue }
      item.amount = item.amount ?? json["unit_price"].minorUnits(places).map { $0 * item.quantity }
      items.append(item)
    }
    return items
  }

  private func item(_ json: JSON, _ price: String, _ amount: Decimal?) throws(Halt) -> PaidItem? {
    guard let price = json[price].nonBlank else { return nil }
    let exact = json["quantity_in_decimal"]
    let given = exact.isNull ? json["quantity"] : exact
    guard let quantity = given.isNull ? 1 : given.amount else {
      throw .permanent(
        "the quantity of \(price.truncated(to: 60)) cannot be read: correct it in Chargebee, and retry the run"
      )
    }
    var item = PaidItem(price: price, quantity: quantity == 0 ? 1 : quantity)
    item.amount = amount
    let from = json["current_term_start"].int ?? subscription["current_term_start"].int
    let to = json["current_term_end"].int ?? subscription["current_term_end"].int
    item.from = from.map(Timestamp.init(seconds:))
    item.to = to.map(Timestamp.init(seconds:))
    return item
  }
}
