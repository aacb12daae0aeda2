public import Values

/// The headers of a message in the order they were sent; a name is found whatever its case.
public struct Headers: Sendable, Equatable {
  /// Every field, in order.
  public private(set) var fields: [Field]

  /// The headers given, in order.
  public init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The first value under a name; setting replaces all of them, and nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { name.isSameToken(as: $0.name) }?.value }
    set {
      fields.removeAll { name.isSameToken(as: $0.name) }
      if let newValue { fields.append(Field(name, newValue)) }
    }
  }

  /// Every value under a name.
  public func all(_ name: String) -> [String] {
    fields.filter { name.isSameToken(as: $0.name) }.map(\.value)
  }

  /// Adds a field and keeps those of the same name.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }
}

extension Headers: ExpressibleByDictionaryLiteral {
  /// Headers as a literal, in the order written.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Field($0.0, $0.1) })
  }
}
