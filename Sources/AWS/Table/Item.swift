import Values

/// An item of a table: its key and its attributes, which are texts, whole numbers and sets of numbers.
struct Item: Sendable {
  enum Attribute: Sendable {
    case text(String)
    case number(Int)
    case numbers(Set<Int>)
  }

  let key: ItemKey
  private(set) var attributes: [String: Attribute]

  init(_ key: ItemKey, _ attributes: [String: Attribute?] = [:]) {
    self.key = key
    self.attributes = attributes.compactMapValues { $0 }
  }

  func text(_ name: String) -> String? {
    if case .text(let text)? = attributes[name] { text } else { nil }
  }

  func number(_ name: String) -> Int? {
    if case .number(let number)? = attributes[name] { number } else { nil }
  }

  func numbers(_ name: String) -> Set<Int> {
    if case .numbers(let numbers)? = attributes[name] { numbers } else { [] }
  }
}

extension ItemKey {
  /// The key in the form of the API; the names are those of the table's schema.
  var json: JSON { ["pk": ["S": .string(partition)], "sk": ["S": .string(sort)]] }
}

extension Item.Attribute {
  /// The attribute in the form of the API.
  var json: JSON {
    switch self {
    case .text(let text): ["S": .string(text)]
    case .number(let number): ["N": .string(String(number))]
    case .numbers(let numbers): ["NS": .texts(numbers.sorted().map(String.init))]
    }
  }

  /// Reads an attribute; nil if it is of a kind that this build does not write.
  fileprivate init?(_ json: JSON) {
    if let text = json["S"].string {
      self = .text(text)
    } else if let number = json["N"].string.flatMap({ Int($0) }) {
      self = .number(number)
    } else if let numbers = json["NS"].array {
      self = .numbers(Set(numbers.compactMap { $0.string.flatMap { Int($0) } }))
    } else {
      return nil
    }
  }
}

extension Item {
  /// The item in the form of the API.
  var json: JSON {
    attributes.reduce(key.json) { $0.with($1.key, $1.value.json) }
  }

  /// Reads an item.
  /// - Throws: `rejected` if it has no key.
  init(_ json: JSON) throws(AWSError) {
    guard let partition = json["pk"]["S"].string, let sort = json["sk"]["S"].string else {
      throw .rejected("an item of the answer has no key")
    }
    key = ItemKey(partition, sort)
    attributes = [:]
    for member in json.allMembers where member.name != "pk" && member.name != "sk" {
      attributes[member.name] = Attribute(member.value)
    }
  }
}
