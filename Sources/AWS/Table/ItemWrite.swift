import Values

/// A write of one item, as a part of a transaction.
struct ItemWrite: Sendable {
  private let action: String
  private let members: JSON
  let key: ItemKey

  /// Writes a whole item.
  static func put(_ item: Item, if condition: Expression? = nil) -> ItemWrite {
    ItemWrite("Put", item.key, ["Item": item.json], condition)
  }

  /// Removes an item if it exists.
  static func delete(_ key: ItemKey, if condition: Expression? = nil) -> ItemWrite {
    ItemWrite("Delete", key, ["Key": key.json], condition)
  }

  /// Changes attributes of an item, and makes the item if it does not exist.
  static func update(
    _ key: ItemKey, _ change: Expression, if condition: Expression? = nil
  ) -> ItemWrite {
    ItemWrite(
      "Update", key, ["Key": key.json, "UpdateExpression": .string(change.text)], condition,
      change.values)
  }

  /// Writes nothing, and fails the transaction if a condition does not hold.
  static func check(_ key: ItemKey, _ condition: Expression) -> ItemWrite {
    ItemWrite("ConditionCheck", key, ["Key": key.json], condition)
  }

  private init(
    _ action: String, _ key: ItemKey, _ members: JSON, _ condition: Expression?,
    _ values: [String: Item.Attribute] = [:]
  ) {
    (self.action, self.key) = (action, key)
    let all = values.merging(condition?.values ?? [:]) { _, last in last }
    self.members =
      members
      .with("ConditionExpression", .text(condition?.text))
      .with("ExpressionAttributeValues", all.isEmpty ? nil : .object(all.mapValues(\.json)))
  }

  /// The write in the form of `TransactWriteItems`.
  func json(table: String) -> JSON {
    .object([action: members.with("TableName", .string(table))])
  }

  /// The bytes of the item with its expressions, of which a transaction has four million.
  var size: Int { members.bytes.count }
}
