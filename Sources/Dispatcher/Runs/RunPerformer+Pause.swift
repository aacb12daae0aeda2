import Policies
import Records
import Setup
import Values

/// Going on after a wait for a person.
extension RunPerformer {
  /// Lets the run begin with its trigger again, back in its lane, if it has waited for a person; true if it
  /// does.
  ///
  /// A run that has made changes goes on where it was, unless its step says `beginsAgain`.
  ///
  /// Other runs of the lane went on meanwhile: what the trigger read may have changed, and they may have relied
  /// on this run to find that. A grant is for exactly the change that was held: the run asks for that again, or for
  /// another, which is held anew, or for none.
  mutating func beginsAgain(at call: StepCall) throws(Problem) -> Bool {
    guard state.waitsFor == .person, mayBeginAgain, state.step > 0 || ledger.hasReads,
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
    let now = context.clock.now()
    state.beginAgain(inLane: !flow.hasNoAccounts(from: 1), at: now)
    state.wait(for: .limit, until: now, "it begins again after its wait for a person", at: now)
    changes = more + [state.update]
    return true
  }
}
