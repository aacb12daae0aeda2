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

extension StringProtocol {
  /// Whether two tokens of HTTP are one: ASCII letters fold, and nothing else does.
  func isSameToken(as other: some StringProtocol) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0 == $1 || $0.lowercasedLetter == $1.lowercasedLetter }
  }
}

extension UInt8 {
  /// The lower-case form of an ASCII letter; any other byte is itself.
  var lowercasedLetter: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

  /// Whether RFC 9110 allows the byte in a token: a method, a header's name.
  var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}
