import Catalog
import Records
import Setup
import StepKit
import Store
import Values

/// What a step makes is reserved before it looks for it: see ``Reservations``.
extension RunPerformer {
  /// Reserves what the step makes; false if the run must wait for another one, or must begin the step
  /// anew since it looked before it had reserved it.
  mutating func reserve(for call: StepCall) throws(Problem) -> Bool {
    guard state.reserved.isEmpty, let made = call.made else { return true }
    let reservations = Reservations(home: context.home)
    if let holder = try reservations.take(made, for: &state) {
      wait(.reserved(made.thing, by: holder))
      return false
    }
    guard ledger.hasReads, !state.reserved.isEmpty else { return true }
    beginAnew()
    return false
  }

  /// Waits until another run is likely to have made the thing.
  mutating func wait(for run: Run, _ thing: String, at now: Timestamp) {
    let soon = now.adding(seconds: 1)
    state.wait(
      for: .run, until: min(max(run.due.adding(seconds: 1), soon), now.adding(seconds: 60)),
      "run \(run.id) makes the same \(thing), and this one looks for it afterwards", at: now)
    state.leaveLane(of: run)
  }

  /// Lets go of what the step makes while the run waits, unless it may have been made: then the run
  /// looks again when it goes on.
  mutating func releasing() -> [Change] {
    guard !state.reserved.isEmpty, mayBeginAgain else { return [] }
    return state.release() + ledger.forgetting()
  }

  /// Whether the run may look again at what it made, and nothing is taken for another thing: it has made
  /// nothing, or its step says `beginsAgain`, and it is certain of each change.
  var mayBeginAgain: Bool {
    guard ledger.mayHaveChanged else { return true }
    guard !ledger.hasOpenChanges, flow.steps.indices.contains(ledger.step) else { return false }
    let step = flow.steps[ledger.step]
    return step.connection.app.steps[step.part.step.name]?.beginsAgain == true
  }
}

extension StepCall {
  /// What the step makes for its noun; nil if that is nothing, or no account knows the noun.
  fileprivate var made: Reservations.Made? {
    guard let spec, let thing = spec.makes, let target else {
      return nil
    }
    let ids = scoped(input.value["ids"].textMembers)
    let purposes = spec.purposes(in: input.value).map { scoped($0["ids"].textMembers) }
    guard !ids.isEmpty || purposes.contains(where: { !$0.isEmpty }) else { return nil }
    return Reservations.Made(
      thing: thing, account: target, ids: ids, kinds: spec.kinds, purposes: purposes)
  }
}
