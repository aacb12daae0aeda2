import StepKit
public import Values

/// The condition for calling a step: `if` of the step in a flow file.
///
/// A condition compares values at paths in the input of the step, and combines comparisons with `and`,
/// `or` and `not`. Its evaluation always ends, and no text is evaluated.
public indirect enum StepCondition: Sendable, Equatable {
  /// The value at a path equals this one; numbers are compared by value.
  case equals(path: String, JSON)
  /// The value at a path is one of these.
  case isOneOf(path: String, [JSON])
  /// There is a value other than `null` at a path, or there is none.
  case exists(path: String, Bool)
  /// All conditions hold.
  case all([StepCondition])
  /// At least one condition holds.
  case any([StepCondition])
  /// The condition does not hold.
  case not(StepCondition)
}

// MARK: - Meaning

extension StepCondition {
  /// Whether it holds for a document; a missing value is `null`.
  public func holds(for document: JSON) -> Bool {
    switch self {
    case .equals(let path, let value): Self.value(at: path, of: document).means(value)
    case .isOneOf(let path, let values):
      values.contains { Self.value(at: path, of: document).means($0) }
    case .exists(let path, let isThere):
      Self.value(at: path, of: document).isNull != isThere
    case .all(let conditions): conditions.allSatisfy { $0.holds(for: document) }
    case .any(let conditions): conditions.contains { $0.holds(for: document) }
    case .not(let condition): !condition.holds(for: document)
    }
  }

  /// The value at the end of a path such as `lines.0.currency`.
  public static func value(at path: String, of document: JSON) -> JSON {
    path.split(separator: ".", omittingEmptySubsequences: false).reduce(document) { value, name in
      guard let items = value.array else { return value[String(name)] }
      guard let index = Int(name), items.indices.contains(index) else { return .null }
      return items[index]
    }
  }

  /// The condition in words: `currency is "USD" and email is there`.
  public var text: String {
    switch self {
    case .equals(let path, let value): "\(path) is \(value.text)"
    case .isOneOf(let path, let values):
      "\(path) is one of \(values.map(\.text).joined(separator: ", "))"
    case .exists(let path, let isThere): "\(path) is \(isThere ? "" : "not ")there"
    case .all(let conditions): Self.joined(conditions, "and")
    case .any(let conditions): Self.joined(conditions, "or")
    case .not(let condition): "not (\(condition.text))"
    }
  }

  private static func joined(_ conditions: [StepCondition], _ word: String) -> String {
    conditions.map { condition in
      switch condition {
      case .all, .any: "(\(condition.text))"
      default: condition.text
      }
    }.joined(separator: " \(word) ")
  }
}

extension JSON {
  /// Whether two values are equal, as `1` and `1.0` are.
  fileprivate func means(_ other: JSON) -> Bool {
    if let one = decimal, let two = other.decimal { return one == two }
    return self == other
  }
}

// MARK: - As data

extension StepCondition {
  /// Reads a condition.
  /// - Throws: A `configuration` problem that names the key.
  init(_ facts: ObjectReader) throws(Problem) {
    let keys = (facts.json.object ?? [:]).keys.sorted()
    switch keys {
    case ["and"]: self = .all(try Self.list("and", facts))
    case ["or"]: self = .any(try Self.list("or", facts))
    case ["not"]: self = .not(try StepCondition(facts.member("not")))
    case ["equals", "path"]:
      self = .equals(path: try facts.text("path"), facts.json["equals"])
    case ["oneOf", "path"]:
      guard let values = facts.json["oneOf"].array, !values.isEmpty else {
        throw facts.wrong("oneOf", "must be a list of at least one value")
      }
      self = .isOneOf(path: try facts.text("path"), values)
    case ["exists", "path"]:
      guard let isThere = facts.json["exists"].bool else {
        throw facts.wrong("exists", "is true or false")
      }
      self = .exists(path: try facts.text("path"), isThere)
    default:
      throw Problem(
        .configuration,
        "\(facts.place): a condition is {path, equals}, {path, oneOf}, {path, exists}, {and}, {or}"
          + " or {not}, and not {\(keys.joined(separator: ", "))}")
    }
  }

  private static func list(_ name: String, _ facts: ObjectReader) throws(Problem) -> [StepCondition]
  {
    let list = try facts.list(name)
    guard !list.isEmpty else { throw facts.wrong(name, "must hold at least one condition") }
    return try list.map { (facts) throws(Problem) in try StepCondition(facts) }
  }

  /// The condition as in a flow file.
  public var json: JSON {
    switch self {
    case .equals(let path, let value): ["path": .string(path), "equals": value]
    case .isOneOf(let path, let values): ["path": .string(path), "oneOf": .array(values)]
    case .exists(let path, let isThere): ["path": .string(path), "exists": .bool(isThere)]
    case .all(let conditions): ["and": .array(conditions.map(\.json))]
    case .any(let conditions): ["or": .array(conditions.map(\.json))]
    case .not(let condition): ["not": condition.json]
    }
  }
}
