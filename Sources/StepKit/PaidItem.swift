public import FoundationEssentials
public import Values

/// An item that was sold at a price.
public struct PaidItem: Sendable, Hashable {
  /// The id of the item's price in the app that sold it.
  public var price: String
  /// The quantity.
  public var quantity: Int
  /// The amount in major units.
  public var amount: Decimal?
  /// The start of the paid term.
  public var from: Timestamp?
  /// The end of the paid term: the moment at which the next one begins.
  public var to: Timestamp?

  /// An item without amount and term.
  public init(price: String, quantity: Int) {
    self.price = price
    self.quantity = quantity
  }

  /// Reads the item.
  ///
  /// - Throws: A permanent failure if the price is missing.
  public init(json: JSON) throws(Failure) {
    guard let price = json["price"].nonBlank else { throw .permanent("a paid item has a price") }
    self.init(price: price, quantity: json["quantity"].int ?? 1)
    amount = json["amount"].decimal
    from = json["from"].time
    to = json["to"].time
  }

  /// The item as it goes over the pipe.
  public var json: JSON {
    .members([
      "price": .string(price), "quantity": .int(quantity), "amount": .decimal(amount),
      "from": .text(from?.text), "to": .text(to?.text),
    ])
  }
}
