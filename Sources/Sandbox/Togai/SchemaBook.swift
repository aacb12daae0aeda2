import StepKit
import Values

/// Reads the schemas and holds bodies against them.
struct SchemaBook: Sendable {
  /// What a member holds.
  indirect enum Kind: Sendable {
    case text(ClosedRange<Int>)
    case one([String])
    case list(ClosedRange<Int>, Kind)
    case map(Kind)
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
    let kind: Kind
    let isRequired: Bool
  }

  static let shared = SchemaBook(Schemas.text)

  private var schemas: [String: [String: Member]] = [:]

  init(_ text: String) {
    var schema = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.first != " " {
        schema = String(line)
        schemas[schema] = [:]
      } else {
        let isRequired = words[0].last == "*"
        let name = String(isRequired ? words[0].dropLast() : words[0])
        schemas[schema]?[name] = Member(kind: Self.kind(words.dropFirst()), isRequired: isRequired)
      }
    }
  }

  /// What is wrong with a body, or nil.
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
      if let fault = fault(in: value, member.kind, at: "\(path).\(name)") { return fault }
    }
    return nil
  }

  // MARK: Private

  private func fault(in value: JSON, _ kind: Kind, at path: String) -> String? {
    switch kind {
    case .any: nil
    case .schema(let name): fault(in: value, name, at: path)
    case .list(let range, let kind): fault(in: value, listOf: kind, range, at: path)
    case .map(let kind): fault(in: value, mapOf: kind, at: path)
    case .text(let range): Self.fault(text: value, range, at: path)
    case .one(let words):
      value.string.map(words.contains) == true
        ? nil : "\(path) must be one of \(words.joined(separator: ", "))"
    case .country:
      value.string.map(Codes.countries.contains) == true ? nil : "\(path) must be a country code"
    case .currency:
      value.string.map(Codes.currencies.contains) == true ? nil : "\(path) must be a currency code"
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
    in value: JSON, listOf kind: Kind, _ range: ClosedRange<Int>, at path: String
  ) -> String? {
    guard let items = value.array else { return "\(path) must be a list" }
    guard range.contains(items.count) else { return "\(path) has a wrong number of items" }
    for (index, item) in items.enumerated() {
      if let fault = fault(in: item, kind, at: "\(path)[\(index)]") { return fault }
    }
    return nil
  }

  private func fault(in value: JSON, mapOf kind: Kind, at path: String) -> String? {
    guard let members = value.object else { return "\(path) must be an object" }
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      if let fault = fault(in: member, kind, at: "\(path).\(name)") { return fault }
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

  private static func kind(_ words: ArraySlice<Substring>) -> Kind {
    let rest = words.dropFirst()
    switch words.first {
    case "text": return .text(range(rest.first))
    case "one": return .one(rest.map(String.init))
    case "list": return .list(range(rest.first), kind(rest.dropFirst()))
    case "map": return .map(kind(rest))
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
