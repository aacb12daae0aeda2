public import Values

/// An effect of a run, as the ledger has it.
public struct RunEffect: Sendable {
  /// The step that asked for it, from 0.
  public let step: Int
  /// Its name.
  public let name: String
  /// The ledger's record.
  public let record: JSON

  /// An effect of the ledger.
  public init(step: Int, name: String, record: JSON) {
    self.step = step
    self.name = name
    self.record = record
  }

  /// What it sends, if anything.
  public var body: JSON { record["effect"]["http"]["body"] }
}
