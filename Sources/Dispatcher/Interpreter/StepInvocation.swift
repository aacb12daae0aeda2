import Catalog
import Setup

/// A call of a step to be made.
struct StepInvocation: Sendable {
  let step: StepID
  /// The endpoint of the step; nil for this machine.
  let endpoint: StepEndpoints.Place?
  /// The invocation, one line of JSON without the line end.
  let line: [UInt8]
}
