import Catalog
import Setup

/// A call of a step that is to be made.
struct StepInvocation: Sendable {
  let step: StepID
  /// Where the step is called; nil for this machine.
  let place: StepEndpoints.Place?
  /// The invocation, one line of JSON without the line end.
  let line: [UInt8]
}
