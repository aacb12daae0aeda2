public import Catalog
import Setup
public import Values

/// What one poll of an account brought.
public struct CatchUpResult: Sendable, Equatable {
  /// The polling step.
  public let step: StepID
  /// The account, such as `chargebee:acme`.
  public let account: String
  /// Whether reading begins now: nothing was read yet, and nothing earlier is read.
  public internal(set) var begins = false
  /// The events that were read.
  public internal(set) var read = 0
  /// Those that were not known.
  public internal(set) var new = 0
  /// The runs that they started.
  public internal(set) var runs = 0

  init(_ plan: PollPlan) { (step, account) = (plan.step, plan.connection.scope) }

  /// The result as it is shown.
  public var json: JSON {
    .members([
      "poll": .string("\(step)"), "account": .string(account), "begins": .bool(begins),
      "read": .int(read), "new": .int(new), "runs": .int(runs),
    ])
  }
}
