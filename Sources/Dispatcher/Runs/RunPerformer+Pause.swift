import Policies
import Records
import Setup
import Values

/// Going on after a wait for a person.
extension RunPerformer {
  /// Lets the run begin with its trigger again, back in its lane, if it has waited for a person and has
  /// made nothing; true if it does.
  ///
  /// A run that is held asks for the same change again. Other runs of the lane went on meanwhile: what the trigger read may have changed, and they may have
  /// relied on this run to find that.
  mutating func beginsAgain(at call: StepCall) throws(Problem) -> Bool {
    guard state.waitsFor == .person, !state.hasHold, !ledger.mayHaveChanged,
      state.step > 0 || ledger.hasReads,
      try context.effects.pause(of: call.connection) == nil,
      try context.effects.gate.stopReason() == nil
    else { return false }
    var more = ledger.pending + ledger.forgetting()
    for step in 0..<state.step {
      let earlier = try Ledger(home: context.home, run: run, step: step)
      guard !earlier.mayHaveChanged else { return false }
      more += earlier.forgetting()
    }
    more += state.release()
    state.beginAgain(inLane: !flow.hasNoAccounts(from: 1))
    let now = context.clock.now()
    state.wait(for: .limit, until: now, "it begins again after its wait for a person", at: now)
    changes = more + [state.update]
    return true
  }
}
