import FoundationEssentials
import Values

/// The members of a control request.
///
/// Unknown members are refused, so that a misspelled one is not ignored.
struct ControlRequest {
  private let members: [String: JSON]

  init(_ json: JSON, _ known: String...) throws(SandboxError) {
    guard let members = json.object else { throw SandboxError("the body must be a JSON object") }
    for name in members.keys.sorted() where !known.contains(name) {
      throw SandboxError(
        "\(name) is not known here; the known members are \(known.joined(separator: ", "))")
    }
    self.members = members
  }

  subscript(name: String) -> JSON { members[name] ?? .null }

  func text(_ name: String) throws(SandboxError) -> String {
    guard let text = members[name]?.string, !text.isEmpty else {
      throw SandboxError("\(name) must be a non-empty string")
    }
    return text
  }

  func text(_ name: String, or fallback: String) throws(SandboxError) -> String {
    members[name] == nil ? fallback : try text(name)
  }

  func int(_ name: String, or fallback: Int) throws(SandboxError) -> Int {
    try value(name, or: fallback, "a whole number of at most 12 digits") { json in
      json.int.flatMap { $0.magnitude < 1_000_000_000_000 ? $0 : nil }
    }
  }

  func decimal(_ name: String, or fallback: Decimal) throws(SandboxError) -> Decimal {
    try value(name, or: fallback, "a number", \.decimal)
  }

  func flag(_ name: String, or fallback: Bool) throws(SandboxError) -> Bool {
    try value(name, or: fallback, "true or false", \.bool)
  }

  func list(_ name: String) throws(SandboxError) -> [JSON] {
    try value(name, or: [], "a list", \.array)
  }

  /// The strings of a list; null stands for the fallback too.
  func texts(_ name: String, or fallback: [String]) throws(SandboxError) -> [String] {
    guard !self[name].isNull else { return fallback }
    return try value(name, or: fallback, "a list of strings") { json in
      let texts = json.array?.compactMap(\.string)
      return texts?.count == json.array?.count ? texts : nil
    }
  }

  /// Like ``int(_:or:)``, but null stands for the fallback too.
  func limit(_ name: String, or fallback: Int?) throws(SandboxError) -> Int? {
    self[name].isNull ? fallback : try int(name, or: 0)
  }

  // MARK: Private

  private func value<Value>(
    _ name: String, or fallback: Value, _ expected: String, _ read: (JSON) -> Value?
  ) throws(SandboxError) -> Value {
    guard let json = members[name] else { return fallback }
    guard let value = read(json) else { throw SandboxError("\(name) must be \(expected)") }
    return value
  }
}
