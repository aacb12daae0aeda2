import Records
import Setup
import Values

/// Waiting in memory.
extension RunPerformer {
  /// The resource that the run was admitted to, for its next request or call.
  var use: ResourceUse? {
    get { connectionUse.current }
    set { connectionUse.current = newValue }
  }

  /// Whether the run has made a request in this step.
  var hasBegun: Bool { ledger.entries.values.contains { $0.sending != nil } }

  /// Whether something that was read is too old for a change to rest on it.
  func isOutdated(at now: Timestamp) -> Bool {
    ledger.entries.values.contains { entry in
      guard entry.answer != nil, !entry.isChange else { return false }
      let age = entry.sending == nil ? Self.maxLinkAge : Self.maxReadAge
      return now > entry.at.adding(seconds: age)
    }
  }

  /// Lets the run begin the step anew at once, with fresh reads.
  mutating func beginAnew() {
    let now = context.clock.now()
    state.wait(for: .limit, until: now, at: now)
    changes = ledger.pending + ledger.forgetting() + [state.update]
  }

  /// The age of answers to queries of the ID mapping that is too old, in seconds.
  private static let maxLinkAge = 1800
}
