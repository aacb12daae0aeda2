/// The items of a partition that a query reads.
enum SortRange: Sendable, Equatable {
  /// All items.
  case all
  /// The items whose sort key begins with a text that is not empty.
  case prefix(String)
  /// The items from a sort key to another, both included; nil stands for no bound.
  case bounds(from: String?, to: String?)

  /// The condition of the query; the names of the key are no reserved words.
  func condition(in partition: String) -> Expression {
    var values: [String: Item.Attribute] = [":p": .text(partition)]
    var text = "pk = :p"
    switch self {
    case .all: break
    case .prefix(let prefix):
      values[":a"] = .text(prefix)
      text += " AND begins_with(sk, :a)"
    case .bounds(let from, let to):
      if let from { values[":a"] = .text(from) }
      if let to { values[":b"] = .text(to) }
      switch (from, to) {
      case (nil, nil): break
      case (_, nil): text += " AND sk >= :a"
      case (nil, _): text += " AND sk <= :b"
      default: text += " AND sk BETWEEN :a AND :b"
      }
    }
    return Expression(text, values)
  }
}
