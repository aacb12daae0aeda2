public import Values

/// The header fields of a message, in the order of the message; names match in either case.
public struct Headers: Sendable, Equatable {
  /// Every field, in order.
  public private(set) var fields: [Field]

  /// Headers with the given fields.
  public init(_ fields: [Field] = []) { self.fields = fields }

  /// The first value of a name; setting replaces all its values, and nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { name.isSameToken(as: $0.name) }?.value }
    set {
      fields.removeAll { name.isSameToken(as: $0.name) }
      if let newValue { fields.append(Field(name, newValue)) }
    }
  }

  /// All values of a name, in order.
  public func all(_ name: String) -> [String] {
    fields.filter { name.isSameToken(as: $0.name) }.map(\.value)
  }

  /// Appends a field; others of the same name stay.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }
}

extension Headers {
  /// Appends the field of a line, without its line end; false if it is not a field of RFC 9110.
  ///
  /// A folded line and a space before the colon are refused: neither name is a token.
  package mutating func add(line: ArraySlice<UInt8>) -> Bool {
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    let value = line.dropFirst(name.count + 1)
    guard !name.isEmpty, name.count < line.count, name.allSatisfy(\.isToken),
      value.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) })
    else { return false }
    add(String(decoding: name, as: UTF8.self), String(decoding: value.trimmed, as: UTF8.self))
    return true
  }
}

extension Headers: ExpressibleByDictionaryLiteral {
  /// Headers as a literal, in the order of the literal.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Field($0.0, $0.1) })
  }
}
