public import FoundationEssentials
public import Values

/// An item that was sold at a price.
public struct PaidItem: Sendable, Hashable {
  /// The id of the item's price in the app that sold it.
  public var price: String
  /// The quantity.
  public var quantity: Decimal
  /// The customer who uses the item, if it is not the payer.
  public var customer: Customer?
  /// The share of the whole term that was paid for, if it is a part: above 0 and below 1.
  public var share: Decimal?
  /// The quantity before a change in the middle of the term, if it is known.
  public var formerQuantity: Decimal?
  /// The amount in major units.
  public var amount: Decimal?
  /// The start of the paid term.
  public var from: Timestamp?
  /// The end of the paid term: the moment at which the next one begins.
  public var to: Timestamp?

  /// An item without amount and term.
  public init(price: String, quantity: Decimal) {
    self.price = price
    self.quantity = quantity
  }

  /// Reads the item.
  ///
  /// - Throws: A permanent failure if the price is missing or the quantity is not a number.
  public init(json: JSON) throws(Failure) {
    guard let price = json["price"].nonBlank else { throw .permanent("a paid item has a price") }
    guard let quantity = json["quantity"].isNull ? 1 : json["quantity"].decimal else {
      throw .permanent("the quantity of a paid item is a number")
    }
    self.init(price: price, quantity: quantity)
    customer = json["customer"].isNull ? nil : try Customer(json: json["customer"])
    share = json["share"].decimal
    formerQuantity = json["formerQuantity"].decimal
    amount = json["amount"].decimal
    from = json["from"].time
    to = json["to"].time
  }

  /// The item as it goes over the pipe.
  public var json: JSON {
    .members([
      "price": .string(price), "quantity": .decimal(quantity), "amount": .decimal(amount),
      "from": .text(from?.text), "to": .text(to?.text), "customer": customer?.json,
      "share": .decimal(share), "formerQuantity": .decimal(formerQuantity),
    ])
  }
}
