/// A condition that must hold when a transaction commits.
public enum Condition: Equatable, Sendable {
  /// The key does not exist.
  case absent(_ key: String)
  /// The key has this value, compared byte by byte.
  case equals(_ key: String, _ value: String)
}
