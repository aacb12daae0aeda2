/// Changes that are made all or not at all, and what must hold for that.
public struct Transaction: Sendable {
  let changes: [Change]
  let conditions: [Condition]

  /// Some changes, in this order, if the conditions hold.
  public init(_ changes: [Change], if conditions: [Condition] = []) {
    self.changes = changes
    self.conditions = conditions
  }
}
