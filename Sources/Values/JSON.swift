public import FoundationEssentials

/// A JSON value.
///
/// All documents are read by one strict set of rules, see ``init(parsing:)``, and written in one form,
/// see ``text``. Numbers keep their digits.
public enum JSON: Sendable, Hashable {
  /// `null`, also for a member that is missing.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, with its own digits.
  case number(Numeral)
  /// A string.
  case string(String)
  /// An array.
  case array([JSON])
  /// An object: the members by name.
  case object([String: JSON])
  /// An object with names that differ in their bytes only, and that Unicode calls equal, which a dictionary
  /// cannot hold: the members in the order of the bytes of their names.
  case namesakes([JSONMember])
}

// MARK: - Reading

extension JSON {
  /// The text of a string; nil for any other value.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The text of a string without surrounding whitespace; nil if nothing is left, or for any other
  /// value.
  public var nonBlank: String? { string.flatMap(\.nonBlank) }

  /// The text of a string as it is, such as an id, whose spaces count; nil if it is blank, or for any
  /// other value.
  public var verbatim: String? { string.flatMap { $0.nonBlank == nil ? nil : $0 } }

  /// A boolean; nil for any other value.
  public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }

  /// A number; nil for any other value.
  public var number: Numeral? { if case .number(let numeral) = self { numeral } else { nil } }

  /// A number as an integer; nil if it is not whole or does not fit, or for any other value.
  public var int: Int? { number?.int }

  /// A number as a decimal; nil if it has more than 38 digits, or for any other value.
  public var decimal: Decimal? { number?.decimal }

  /// A string as an ISO 8601 time; nil if it is not one, or for any other value.
  public var time: Timestamp? { string.flatMap(Timestamp.init(iso:)) }

  /// The items of an array; nil for any other value.
  public var array: [JSON]? { if case .array(let items) = self { items } else { nil } }

  /// The items of an array; empty for any other value.
  public var items: [JSON] { array ?? [] }

  /// The members of an object, of ``namesakes(_:)`` the first; nil for any other value.
  public var object: [String: JSON]? {
    switch self {
    case .object(let members): members
    case .namesakes(let members):
      Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    default: nil
    }
  }

  /// The members of an object that are strings and not blank, as they are; empty for any other value.
  public var textMembers: [String: String] { object?.compactMapValues(\.verbatim) ?? [:] }

  /// Whether this is `null`, or a member that is missing.
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// The members of an object, all of ``namesakes(_:)`` too, in any order; empty for any other value.
  public var allMembers: [JSONMember] {
    switch self {
    case .object(let members): members.map { JSONMember($0, $1) }
    case .namesakes(let members): members
    default: []
    }
  }

  /// An object with its members' values changed; any other value unchanged.
  public func mapMembers(_ change: (_ name: String, JSON) -> JSON) -> JSON {
    switch self {
    case .object(let members):
      .object(Dictionary(uniqueKeysWithValues: members.map { ($0, change($0, $1)) }))
    case .namesakes(let members):
      .namesakes(members.map { JSONMember($0.name, change($0.name, $0.value)) })
    default: self
    }
  }

  /// The member with a name; `null` if there is none or this is not an object.
  public subscript(_ name: String) -> JSON {
    switch self {
    case .object(let members):
      guard let index = members.index(forKey: name), members[index].key.hasBytes(of: name) else {
        return .null
      }
      return members[index].value
    case .namesakes(let members):
      return members.first { $0.name.hasBytes(of: name) }?.value ?? .null
    default: return .null
    }
  }

  /// The member at the end of a path such as `content.customer.id`; `null` if there is none.
  public subscript(path path: String) -> JSON {
    path.utf8.split(separator: UInt8(ascii: ".")).reduce(self) { value, name in
      value[String(Substring(name))]
    }
  }
}

// MARK: - Building

extension JSON {
  /// An object of members, as ``namesakes(_:)`` where Unicode calls two names equal; of names with the same
  /// bytes the last counts.
  public static func object(of members: some Sequence<JSONMember>) -> JSON {
    var byName: [[UInt8]: JSONMember] = [:]
    for member in members { byName[member.name.byteKey] = member }
    let object = Dictionary(byName.values.map { ($0.name, $0.value) }) { one, _ in one }
    guard object.count < byName.count else { return .object(object) }
    return .namesakes(byName.values.sorted { isBefore($0.name, $1.name) })
  }

  /// An object with a member set or, with nil, removed, and all other members as they are, of
  /// ``namesakes(_:)`` too; any other value counts as an object without members.
  public func with(_ name: String, _ value: JSON?) -> JSON {
    let others = allMembers.filter { !$0.name.hasBytes(of: name) }
    return .object(of: others + (value.map { [JSONMember(name, $0)] } ?? []))
  }

  /// An object of the members that have a value; those that are nil or `null` are left out.
  public static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    var object: [String: JSON] = [:]
    for (name, value) in members {
      if let value, !value.isNull { object[name] = value }
    }
    return .object(object)
  }

  /// A string, or nil if there is none.
  public static func text(_ text: String?) -> JSON? { text.map(JSON.string) }

  /// A number, or nil if there is none.
  public static func int(_ value: Int?) -> JSON? { value.map { .number(Numeral($0)) } }

  /// A decimal number, or nil if there is none.
  public static func decimal(_ value: Decimal?) -> JSON? { value.map { .number(Numeral($0)) } }

  /// An array of strings.
  public static func texts(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }

  /// An object of strings.
  public static func texts(_ texts: [String: String]) -> JSON {
    .object(texts.mapValues(JSON.string))
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }

  /// An integer.
  public init(integerLiteral value: Int) { self = .number(Numeral(value)) }

  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// An array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// An object; of two equal names the last counts.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
