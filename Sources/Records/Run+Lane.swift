public import Values

/// Leaving the lane, and coming back to it.
extension Run {
  /// Leaves the lane, so that later runs of it need not wait; those of its flow connection that left it too keep
  /// their order.
  public mutating func leaveLane() {
    if !lane.hasSuffix(aside) { lane += aside }
  }

  /// Leaves the lane if another run, which this one waits for, is behind it there: after a restart, one
  /// that was tried again is before those that had begun.
  public mutating func leaveLane(of other: Run) {
    guard other.lane == lane else { return }
    lane += lane.hasSuffix(aside) ? "|\(id)" : aside
  }

  private var aside: String { "|\(flowConnection)" }

  /// Begins with the first step again; with `inLane` after the runs that wait in its lane by now.
  public mutating func beginAgain(inLane: Bool, at now: Timestamp) {
    renew(at: now)
    step = 0
    outputs = []
    forgetTrouble()
    restart()
    if inLane, lane.hasSuffix(aside) { lane.removeLast(aside.count) }
  }
}
