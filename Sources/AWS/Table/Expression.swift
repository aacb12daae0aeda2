/// An expression of DynamoDB and the values that it names, such as `:n`.
struct Expression: Sendable {
  let text: String
  let values: [String: Item.Attribute]

  init(_ text: String, _ values: [String: Item.Attribute] = [:]) {
    (self.text, self.values) = (text, values)
  }

  /// Holds if the item does not exist.
  static let absent = Expression("attribute_not_exists(pk)")
}
