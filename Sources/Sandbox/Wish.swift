import FoundationEssentials
import Values

/// Why the sandbox does not do what a person asked of it.
public struct SandboxError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what would do.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// What a person asks of the sandbox: an object with known members only, so that a slip of the pen
/// is told and not ignored.
struct Wish {
  private let members: [String: JSON]

  init(_ json: JSON, _ known: String...) throws(SandboxError) {
    guard let members = json.object else { throw SandboxError("want a JSON object") }
    for name in members.keys.sorted() where !known.contains(name) {
      throw SandboxError("\(name) is not known here; known are \(known.joined(separator: ", "))")
    }
    self.members = members
  }

  subscript(name: String) -> JSON { members[name] ?? .null }

  func text(_ name: String) throws(SandboxError) -> String {
    guard let text = members[name]?.string, !text.isEmpty else {
      throw SandboxError("\(name) must be a text")
    }
    return text
  }

  func text(_ name: String, or fallback: String) throws(SandboxError) -> String {
    members[name] == nil ? fallback : try text(name)
  }

  func int(_ name: String, or fallback: Int) throws(SandboxError) -> Int {
    guard let value = members[name] else { return fallback }
    guard let int = value.int else { throw SandboxError("\(name) must be a whole number") }
    return int
  }

  func decimal(_ name: String, or fallback: Decimal) throws(SandboxError) -> Decimal {
    guard let value = members[name] else { return fallback }
    guard let decimal = value.decimal else { throw SandboxError("\(name) must be a number") }
    return decimal
  }

  func flag(_ name: String, or fallback: Bool) throws(SandboxError) -> Bool {
    guard let value = members[name] else { return fallback }
    guard let flag = value.bool else { throw SandboxError("\(name) must be true or false") }
    return flag
  }

  func texts(_ name: String) throws(SandboxError) -> [String] {
    let texts = try list(name).compactMap(\.string)
    guard texts.count == members[name]?.array?.count ?? 0 else {
      throw SandboxError("\(name) must be a list of texts")
    }
    return texts
  }

  func list(_ name: String) throws(SandboxError) -> [JSON] {
    guard let value = members[name] else { return [] }
    guard let list = value.array else { throw SandboxError("\(name) must be a list") }
    return list
  }
}
