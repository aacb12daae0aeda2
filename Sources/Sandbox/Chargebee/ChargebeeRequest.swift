import FoundationEssentials
import HTTPServer
import StepKit
import Values

/// The parameters of one call, checked against the table of its operation.
///
/// An empty value clears an optional field and otherwise counts as no value.
struct ChargebeeRequest: Sendable {
  let cause: Cause
  /// The ID in the path, or an empty string.
  let id: String
  /// The parameters by name.
  let values: [String: String]

  init(
    _ fields: [Field], id: String, table: ParameterTable, customFields: Set<String>,
    cause: Cause
  ) throws(ChargebeeError) {
    var values: [String: String] = [:]
    for field in fields {
      guard values.updateValue(field.value, forKey: field.name) == nil else {
        throw .wrong(field.name, "is given more than once")
      }
      try Self.check(field, table: table, customFields: customFields)
    }
    for name in table.required where !name.contains("[i]") && (values[name] ?? "").isEmpty {
      throw .wrong(name, "cannot be blank")
    }
    self.values = values
    self.id = id
    self.cause = cause
    try checkIndexes()
  }

  func text(_ name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  func int(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

  func flag(_ name: String) -> Bool? { text(name).map { $0 == "true" } }

  func json(_ name: String) -> JSON? { text(name).flatMap { try? JSON(parsing: $0) } }

  /// Whether the call clears an optional field.
  func clears(_ name: String) -> Bool { values[name] == "" }

  /// The members of a nested object by name: `billing_address[line1]` is `line1`.
  func nested(_ name: String) -> [String: String] {
    var members: [String: String] = [:]
    for (key, value) in values where key.hasPrefix(name + "[") && !value.isEmpty {
      let parts = Self.parts(key)
      if parts.count == 2 { members[parts[1]] = value }
    }
    return members
  }

  /// The entries of a list of objects: `charges[amount][0]` is `amount` of the first entry.
  func entries(_ name: String) -> [[String: String]] {
    var entries: [Int: [String: String]] = [:]
    for (key, value) in values where key.hasPrefix(name + "[") && !value.isEmpty {
      let parts = Self.parts(key)
      if parts.count == 3, let index = Int(parts[2]) {
        entries[index, default: [:]][parts[1]] = value
      }
    }
    return entries.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The entries of a list of values: `coupon_ids[0]` is the first entry.
  func texts(_ name: String) -> [String] {
    (0...).lazy.map { values["\(name)[\($0)]"] }.prefix { $0 != nil }.compactMap(\.self)
  }

  // MARK: Private

  private static func check(
    _ field: Field, table: ParameterTable, customFields: Set<String>
  ) throws(ChargebeeError) {
    if field.name.hasPrefix("cf_") {
      guard customFields.contains(field.name) else {
        throw .wrong(field.name, "is not a custom field of this site")
      }
      return
    }
    guard let parameter = table[pattern(field.name)] else {
      throw .wrong(field.name, "is not a parameter of this operation")
    }
    guard !field.value.isEmpty else {
      // Entries of a list cannot be cleared.
      guard !field.name.contains("[") || !pattern(field.name).hasSuffix("[i]") else {
        throw .wrong(field.name, "cannot be blank")
      }
      return
    }
    if let fault = parameter.fault(in: field.value) { throw .wrong(field.name, fault) }
  }

  /// Checks that the indexes of each list start at 0 and have no gap.
  private func checkIndexes() throws(ChargebeeError) {
    var used: [String: Set<Int>] = [:]
    for name in values.keys {
      let parts = Self.parts(name)
      if Self.pattern(name) != name, let last = parts.last, let index = Int(last) {
        used[parts[0], default: []].insert(index)
      }
    }
    for (list, indexes) in used.sorted(by: { $0.key < $1.key }) {
      for index in 0..<indexes.count where !indexes.contains(index) {
        throw .wrong("\(list)[\(index)]", "is missing: the indexes must have no gap")
      }
    }
  }

  /// The name as the tables spell it: with `[i]` in place of a final index.
  private static func pattern(_ name: String) -> String {
    guard name.last == "]", let bracket = name.lastIndex(of: "[") else { return name }
    let digits = name[name.index(after: bracket)...].dropLast()
    guard let index = Int(digits), index >= 0, String(index) == digits else { return name }
    return name[..<bracket] + "[i]"
  }

  /// The parts of a name: `a[b][0]` has a, b and 0.
  private static func parts(_ name: String) -> [String] {
    name.split(whereSeparator: { $0 == "[" || $0 == "]" }).map(String.init)
  }
}
