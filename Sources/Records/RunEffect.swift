public import Values

/// A stored effect of a run.
public struct RunEffect: Sendable {
  /// The step that asked for it, from 0.
  public let step: Int
  /// The name.
  public let name: String
  /// The record of the ledger.
  public let record: JSON

  /// Creates an effect.
  public init(step: Int, name: String, record: JSON) {
    self.step = step
    self.name = name
    self.record = record
  }

  /// The body of its request, or its mail, or null.
  public var body: JSON {
    let effect = record["effect"]
    return effect["mail"].isNull ? effect["http"]["body"] : effect["mail"]
  }
}
