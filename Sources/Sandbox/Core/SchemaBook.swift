import FoundationEssentials
import Values

/// The schemas of an API's request bodies, read from a text.
///
/// A schema is its name on a line, followed by an indented line per member: the name, `*` if the
/// member is required, and the type of its value; or names separated by commas. No other members
/// are allowed.
struct SchemaBook: Sendable {
  /// The type of a member's value.
  private indirect enum ValueType: Sendable {
    case text(ClosedRange<Int>)
    case one([String])
    case list(ClosedRange<Int>, ValueType)
    case map(ValueType)
    case schema(String)
    case country
    case currency
    case date
    case moment
    case number
    case int
    case flag
    case any
  }

  private struct Member: Sendable {
    let type: ValueType
    let isRequired: Bool
  }

  private var schemas: [String: [String: Member]] = [:]

  init(_ text: String) {
    var schema = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.first != " " {
        schema = String(line)
        schemas[schema] = [:]
      } else {
        let type = Self.type(words.dropFirst())
        for name in words[0].split(separator: ",") {
          let isRequired = name.last == "*"
          schemas[schema]?[String(isRequired ? name.dropLast() : name)] =
            Member(type: type, isRequired: isRequired)
        }
      }
    }
  }

  /// The first fault of a body, or nil if it is valid.
  func fault(in value: JSON, _ schema: String, at path: String = "body") -> String? {
    guard let members = schemas[schema], let object = value.object else {
      return "\(path) must be an object"
    }
    for name in object.keys.sorted() where members[name] == nil {
      return "\(path).\(name) is not allowed"
    }
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      guard let value = object[name] else {
        if member.isRequired { return "\(path).\(name) is required" }
        continue
      }
      if let fault = fault(in: value, member.type, at: "\(path).\(name)") { return fault }
    }
    return nil
  }

  // MARK: Private

  private func fault(in value: JSON, _ type: ValueType, at path: String) -> String? {
    switch type {
    case .any: nil
    case .schema(let name): fault(in: value, name, at: path)
    case .list(let range, let type): fault(in: value, listOf: type, range, at: path)
    case .map(let type): fault(in: value, mapOf: type, at: path)
    case .text(let range): Self.fault(text: value, range, at: path)
    case .one(let words):
      value.string.map(words.contains) == true
        ? nil : "\(path) must be one of \(words.joined(separator: ", "))"
    case .country:
      value.string.map(ISOCodes.countries.contains) == true ? nil : "\(path) must be a country code"
    case .currency:
      value.string.map(ISOCodes.currencies.contains) == true
        ? nil : "\(path) must be a currency code"
    case .date:
      value.string.map { $0.utf8.count == 10 && Timestamp(iso: $0) != nil } == true
        ? nil : "\(path) must be a date"
    case .moment:
      value.string.map { $0.utf8.count > 10 && Timestamp(iso: $0) != nil } == true
        ? nil : "\(path) must be a date and time"
    case .number: value.decimal == nil ? "\(path) must be a number" : nil
    case .int:
      value.int.flatMap { Int32(exactly: $0) } == nil ? "\(path) must be a whole number" : nil
    case .flag: value.bool == nil ? "\(path) must be true or false" : nil
    }
  }

  private func fault(
    in value: JSON, listOf type: ValueType, _ range: ClosedRange<Int>, at path: String
  ) -> String? {
    guard let items = value.array else { return "\(path) must be a list" }
    guard range.contains(items.count) else { return "\(path) has a wrong number of items" }
    for (index, item) in items.enumerated() {
      if let fault = fault(in: item, type, at: "\(path)[\(index)]") { return fault }
    }
    return nil
  }

  private func fault(in value: JSON, mapOf type: ValueType, at path: String) -> String? {
    guard let members = value.object else { return "\(path) must be an object" }
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      if let fault = fault(in: member, type, at: "\(path).\(name)") { return fault }
    }
    return nil
  }

  private static func fault(text value: JSON, _ range: ClosedRange<Int>, at path: String) -> String?
  {
    guard let text = value.string else { return "\(path) must be a text" }
    let length = text.unicodeScalars.count
    if length < range.lowerBound { return "\(path) is too short" }
    return length > range.upperBound ? "\(path) is too long" : nil
  }

  private static func type(_ words: ArraySlice<Substring>) -> ValueType {
    let rest = words.dropFirst()
    switch words.first {
    case "text": return .text(range(rest.first))
    case "one": return .one(rest.map(String.init))
    case "list": return .list(range(rest.first), type(rest.dropFirst()))
    case "map": return .map(type(rest))
    case "country": return .country
    case "currency": return .currency
    case "date": return .date
    case "moment": return .moment
    case "number": return .number
    case "int": return .int
    case "flag": return .flag
    case "any": return .any
    case let name: return .schema(String(name ?? ""))
    }
  }

  private static func range(_ text: Substring?) -> ClosedRange<Int> {
    let halves = (text ?? "..").split(separator: "..", omittingEmptySubsequences: false)
    return (Int(halves[0]) ?? 0)...(Int(halves[halves.count - 1]) ?? .max)
  }
}
