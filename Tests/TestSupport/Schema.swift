package import Values

/// A JSON Schema (2020-12) with the keywords that our files use; others are refused.
package struct Schema: Sendable {
  private let whole: JSON
  private let top: JSON

  package struct Unknown: Error { package let keyword: String }

  /// A schema, or one of its definitions.
  package init(_ whole: JSON, definition: String? = nil) throws {
    self.whole = whole
    top = definition.map { ["$ref": .string("#/$defs/\($0)")] } ?? whole
    try Self.check(whole)
  }

  /// The names of the definitions.
  package var definitions: Set<String> { Set((whole["$defs"].object ?? [:]).keys) }

  /// The first fault in a value; nil if it is valid.
  package func fault(in value: JSON) -> String? { fault(in: value, top, at: "$") }

  private static let words: Set<String> = [
    "$schema", "$id", "title", "description", "type", "const", "enum", "pattern", "required",
    "minLength", "minItems", "minProperties", "maxProperties", "dependentRequired", "$ref",
    "format",
  ]
  private static let one: Set<String> = ["items", "additionalProperties", "if", "then"]
  private static let many: Set<String> = ["anyOf", "oneOf"]
  private static let named: Set<String> = ["$defs", "properties"]

  private static func check(_ schema: JSON) throws {
    for (keyword, value) in schema.object ?? [:] {
      if one.contains(keyword) {
        try check(value)
      } else if many.contains(keyword) {
        try (value.array ?? []).forEach(check)
      } else if named.contains(keyword) {
        try (value.object ?? [:]).values.forEach(check)
      } else if !words.contains(keyword) {
        throw Unknown(keyword: keyword)
      }
    }
  }
}

// MARK: - Validation

extension Schema {
  private func fault(in value: JSON, _ schema: JSON, at path: String) -> String? {
    if schema == false { return "\(path) is not allowed" }
    for (keyword, rule) in (schema.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let fault = fault(in: value, keyword, rule, schema, at: path) { return fault }
    }
    return nil
  }

  private func fault(
    in value: JSON, _ keyword: String, _ rule: JSON, _ schema: JSON, at path: String
  ) -> String? {
    func wrong(unless isRight: Bool) -> String? {
      isRight ? nil : "\(path): \(keyword) \(rule.text.prefix(200))"
    }
    switch keyword {
    case "$ref":
      let name = String((rule.string ?? "").dropFirst("#/$defs/".count))
      let target = whole["$defs"][name]
      return target.isNull ? "\(name) is not defined" : fault(in: value, target, at: path)
    case "type": return wrong(unless: (rule.array ?? [rule]).contains { Self.isA($0, value) })
    case "const": return wrong(unless: value == rule)
    case "enum": return wrong(unless: rule.array?.contains(value) == true)
    case "pattern": return wrong(unless: value.string.map { Self.matches($0, rule) } ?? true)
    case "minLength":
      return wrong(unless: value.string.map { $0.unicodeScalars.count >= rule.int ?? 0 } ?? true)
    case "minItems": return wrong(unless: value.array.map { $0.count >= rule.int ?? 0 } ?? true)
    case "minProperties":
      return wrong(unless: value.object.map { $0.count >= rule.int ?? 0 } ?? true)
    case "maxProperties":
      return wrong(unless: value.object.map { $0.count <= rule.int ?? 0 } ?? true)
    case "required": return wrong(unless: Self.has(rule, value))
    case "dependentRequired":
      let rules = rule.object ?? [:]
      return wrong(
        unless: rules.allSatisfy { value.object?[$0.key] == nil || Self.has($0.value, value) })
    case "anyOf", "oneOf":
      let count = (rule.array ?? []).count { fault(in: value, $0, at: path) == nil }
      return wrong(unless: keyword == "oneOf" ? count == 1 : count > 0)
    case "if":
      return fault(in: value, rule, at: path) == nil
        ? fault(in: value, schema["then"], at: path) : nil
    case "items":
      return (value.array ?? []).enumerated().lazy
        .compactMap { fault(in: $1, rule, at: "\(path)[\($0)]") }.first
    case "properties", "additionalProperties":
      return fault(inMembersOf: value, keyword, rule, schema, at: path)
    default: return nil
    }
  }

  private func fault(
    inMembersOf value: JSON, _ keyword: String, _ rule: JSON, _ schema: JSON, at path: String
  ) -> String? {
    for (name, member) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      let own = schema["properties"].object?[name]
      let applied = keyword == "properties" ? own : own == nil ? rule : nil
      if let applied, let fault = fault(in: member, applied, at: "\(path).\(name)") { return fault }
    }
    return nil
  }

  private static func isA(_ type: JSON, _ value: JSON) -> Bool {
    switch (type.string, value) {
    case ("object", .object), ("object", .namesakes), ("array", .array), ("string", .string),
      ("boolean", .bool),
      ("number", .number), ("null", .null):
      true
    case ("integer", .number): value.int != nil
    default: false
    }
  }

  private static func has(_ names: JSON, _ value: JSON) -> Bool {
    guard let members = value.object else { return true }
    return (names.array ?? []).allSatisfy { members[$0.string ?? ""] != nil }
  }

  private static func matches(_ text: String, _ pattern: JSON) -> Bool {
    guard let regex = try? Regex(pattern.string ?? "") else { return false }
    return text.firstMatch(of: regex) != nil
  }
}
