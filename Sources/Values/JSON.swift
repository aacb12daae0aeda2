/// A JSON value: what every step reads and writes.
///
/// There is one strict rule for all documents, see ``init(parsing:)``, and one way to write them,
/// see ``text``. Numbers keep the digits that they came with.
public enum JSON: Sendable, Hashable {
  /// `null`, and what is read for a member that is not there.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, with its own digits.
  case number(Numeral)
  /// A text.
  case string(String)
  /// A list.
  case array([JSON])
  /// Members by name.
  case object([String: JSON])
}

extension JSON {
  /// The text of a string, or nil for any other value.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The truth of `true` or `false`, or nil for any other value.
  public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }

  /// The members of a list, or nil for any other value.
  public var array: [JSON]? { if case .array(let items) = self { items } else { nil } }

  /// The members of an object, or nil for any other value.
  public var object: [String: JSON]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The number's digits, or nil for any other value.
  public var number: Numeral? { if case .number(let numeral) = self { numeral } else { nil } }

  /// The number as an integer, if it is one that fits; nil for any other value.
  public var int: Int? { number?.int }

  /// Whether this is `null`, or was not there.
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// The text, if there is one and it says something: trimmed and not empty.
  public var nonBlank: String? { string.flatMap(\.nonBlank) }

  /// The member of that name; `null` where this is no object or has none.
  public subscript(_ name: String) -> JSON { object?[name] ?? .null }

  /// The member at the end of a path such as `content.customer.id`; `null` where there is none.
  public subscript(path path: String) -> JSON {
    path.utf8.split(separator: UInt8(ascii: ".")).reduce(self) { value, name in
      value[String(Substring(name))]
    }
  }

  /// An object of the members that have a value: what is nil or `null` is left out.
  public static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    var object: [String: JSON] = [:]
    for (name, value) in members {
      if let value, !value.isNull { object[name] = value }
    }
    return .object(object)
  }
}

extension JSON {
  /// A string value, or nil where there is no text: for ``members(_:)``.
  public static func text(_ text: String?) -> JSON? { text.map(JSON.string) }

  /// A number value, or nil where there is none: for ``members(_:)``.
  public static func int(_ value: Int?) -> JSON? { value.map { .number(Numeral($0)) } }

  /// An object of texts.
  public static func texts(_ texts: [String: String]) -> JSON {
    .object(texts.mapValues(JSON.string))
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  public init(integerLiteral value: Int) { self = .number(Numeral(value)) }

  /// A truth.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// A list.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// Members by name; of two equal names the last counts.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
