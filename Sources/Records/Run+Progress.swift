public import Store
public import Values

extension Run {
  /// Records that the current step is done, and makes the next one current.
  public mutating func complete(step output: JSON) {
    step += 1
    outputs.append(output)
    forgetTrouble()
  }

  /// Ends the run.
  public mutating func end(_ status: Status, _ reason: String?, at now: Timestamp) {
    self.status = status
    self.reason = reason
    note("Run End", status.title, at: now, reason)
  }

  /// The change that writes down how far the run has come.
  public var progress: Change { .put(key, text) }

  /// The changes that write down how far the run has come, and whether it is open and parked.
  public var changes: [Change] {
    switch status {
    case .pending: [progress]
    case .parked: [progress, .remove(openKey), .put(parkedKey, "{}")]
    case .success, .stopped, .notSynced, .failed: [progress, .remove(openKey)]
    }
  }
}
