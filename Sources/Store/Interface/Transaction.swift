/// A change of one key.
public enum Change: Equatable, Sendable {
  /// Sets the value of a key.
  case put(_ key: String, _ value: String)
  /// Removes a key if it exists.
  case remove(_ key: String)
}

/// A condition that must hold when a transaction commits.
public enum Condition: Equatable, Sendable {
  /// The key does not exist.
  case absent(_ key: String)
  /// The key has this value, compared byte by byte.
  case equals(_ key: String, _ value: String)
}

/// Changes that are made together or not at all, and the conditions for making them.
public struct Transaction: Equatable, Sendable {
  /// The changes, in the order in which they apply.
  public var changes: [Change]
  /// The conditions, all of which must hold before the first change.
  public var conditions: [Condition]

  /// Creates a transaction, which only tests its conditions if it has no changes.
  public init(_ changes: [Change] = [], if conditions: [Condition] = []) {
    self.changes = changes
    self.conditions = conditions
  }
}
