public import FoundationEssentials
public import Values

/// One line of an invoice that names something sold.
public struct PaidItem: Sendable, Hashable {
  /// The id of the item's price in the app that sold it.
  public var price: String
  /// How many.
  public var quantity: Int
  /// The line's amount in major units.
  public var amount: Decimal?
  /// When the term that was paid for begins.
  public var from: Timestamp?
  /// When the term ends: the moment at which the next begins.
  public var to: Timestamp?

  /// A line for one price.
  public init(price: String, quantity: Int) {
    self.price = price
    self.quantity = quantity
  }

  /// Reads the line; it must have a price.
  public init(json: JSON) throws(Failure) {
    guard let price = json["price"].nonBlank else { throw .permanent("a paid item has a price") }
    self.init(price: price, quantity: json["quantity"].int ?? 1)
    amount = json["amount"].decimal
    from = json["from"].string.flatMap(Timestamp.init(iso:))
    to = json["to"].string.flatMap(Timestamp.init(iso:))
  }

  /// The line as it goes over the pipe.
  public var json: JSON {
    .members([
      "price": .string(price), "quantity": .int(quantity), "amount": .decimal(amount),
      "from": .text(from?.text), "to": .text(to?.text),
    ])
  }
}
