/// A choice of one item of a list by a typed answer.
struct Choice<Value> {
  /// An item, with the names that select it.
  struct Item {
    let value: Value
    let names: [String]

    init(_ value: Value, _ names: String...) { (self.value, self.names) = (value, names) }
  }

  let items: [Item]

  /// The item that the answer selects; nil if there is none.
  ///
  /// An answer is the item's number from 1, one of its names, or a beginning that only its names have.
  /// Case does not matter.
  func item(for answer: String) -> Value? {
    if let number = Int(answer) {
      return items.indices.contains(number - 1) ? items[number - 1].value : nil
    }
    let word = answer.lowercased()
    func matches(_ test: (String) -> Bool) -> [Item] {
      items.filter { $0.names.contains { test($0.lowercased()) } }
    }
    guard !word.isEmpty else { return nil }
    let exact = matches { $0 == word }
    let found = exact.isEmpty ? matches { $0.hasPrefix(word) } : exact
    return found.count == 1 ? found[0].value : nil
  }
}
