import Values

/// The members of one stored object.
typealias Members = [String: JSON]

extension Members {
  /// The text of a member; empty if it has none.
  func text(_ name: String) -> String { self[name]?.string ?? "" }

  /// The whole number of a member; 0 if it has none.
  func int(_ name: String) -> Int { self[name]?.int ?? 0 }

  /// The object without some members.
  func without(_ names: String...) -> Members { filter { !names.contains($0.key) } }

  /// Adds members, except those without a value.
  mutating func merge(_ members: KeyValuePairs<String, JSON?>) {
    for (name, value) in members {
      if let value, !value.isNull { self[name] = value }
    }
  }

  init(_ members: KeyValuePairs<String, JSON?>) {
    self.init()
    merge(members)
  }
}
