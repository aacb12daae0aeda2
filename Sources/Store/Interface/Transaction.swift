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
