import Values

/// What is known of the policy of a flow connection.
public enum PolicyState: Sendable {
  /// It has none: what its steps declare is held, and all else leaves.
  case none
  /// It has one.
  case known(Policy)
  /// It has one that cannot be read, for the reason given: nothing leaves.
  case unreadable(String)
}
