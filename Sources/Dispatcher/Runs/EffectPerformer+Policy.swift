import Policies
import Records
import Setup
import StepKit
import Values

/// Policies: a change leaves if that of its flow connection lets it, see ``EffectGate``.
extension EffectPerformer {
  /// Performs a change as far as the policy lets it.
  func govern(
    _ effect: Effect, _ name: String, _ call: StepCall, _ ledger: inout Ledger, _ round: Int,
    _ use: inout ConnectionUse
  ) throws(Problem) -> RunDelay? {
    let known = ledger.entries[name]
    if let reason = try gate.stopReason() { return .paused(reason) }
    // What may have been sent is sent again, or looked for, whatever the policy says now
    if known?.isUnderway != true {
      let verdict = try gate.verdict(
        on: call.asked(effect), permit: known?.permit ?? .null, at: clock.now())
      if let delay = verdict.delay { return delay }
    }
    let delay = try change(effect, name, call, &ledger, round, &use)
    if [.refused, .unknown].contains(ledger.entries[name]?.state) {
      try gate.noteFailure(in: call.flowConnection, at: clock.now())
    }
    return delay
  }

  /// Records a change as intended, if the policy lets it leave by what the store has at that moment.
  func intend(
    _ entry: LedgerEntry, _ effect: Effect, _ name: String, _ call: StepCall,
    _ ledger: inout Ledger
  ) throws(Problem) -> RunDelay? {
    let asked = call.asked(effect)
    let permit = ledger.entries[name]?.permit ?? .null
    var delay: RunDelay?
    _ = try ledger.record(name) { (transaction) throws(Problem) in
      let verdict = try gate.verdict(on: asked, permit: permit, at: entry.at)
      delay = verdict.delay
      guard case .passes(let permit) = verdict else { return nil }
      permit.add(to: &transaction)
      var permitted = entry
      permitted.permit = permit.json
      return permitted
    }
    return delay
  }
}

extension EffectVerdict {
  /// Why the run waits; nil if the change may leave.
  fileprivate var delay: RunDelay? {
    switch self {
    case .passes: nil
    case .held(let hold, let isStored): .held(hold, isStored: isStored)
    case .denied(let reason): .denied(reason)
    }
  }
}

extension StepCall {
  /// A change of it, for the policy.
  fileprivate func asked(_ effect: Effect) -> AskedEffect {
    AskedEffect(
      effect, run: run, of: flowConnection, index: index, step: step, payload: payload,
      connection: connection, input: input.value)
  }
}
