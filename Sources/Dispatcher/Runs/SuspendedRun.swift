import Lanes

/// A run that waits for a resource and holds nothing but its lane and memory.
struct SuspendedRun: Sendable {
  let claim: LaneQueue.Claim
  let execution: RunExecution

  /// The place in a queue; runs of one customer share a turn.
  func place(returns: Bool) -> WaitPlace {
    if returns { return .returning }
    if execution.hasBegun { return .underWay }
    // A run that has left its lane still belongs to its customer.
    return .new(customer: String(claim.lane.prefix { $0 != "|" }))
  }
}
