import Records
import Setup
import StepKit
import Values

/// The step at which an earlier run of the same event came to nothing, and what it knew then.
///
/// An app that gives its events no ids sends the same body again, for another reason or for none. A
/// later run that reads the same state, with the same settings, would only come to the same end, and
/// perhaps repeat a request that was refused.
struct EarlierStep {
  /// The earlier run.
  let run: Run
  private let ledger: Ledger
  private let payload: JSON
  private let settings: JSON

  /// The step of a run; nil unless the run ended at it by the step's own word.
  init?(of id: String, step: Int, in home: Home) throws(Problem) {
    guard let document = try home.document(at: StoreKey.run.key(id)) else { return nil }
    run = try Run(json: document)
    let replies = try Transcript(run: id, step: step).records(in: home)
    guard run.step == step, let first = replies.first,
      ["stop", "fail"].contains(replies.last?["reply"]["outcome"])
    else { return nil }
    ledger = try Ledger(home: home, run: id, step: step)
    payload = first["payload"]
    settings = first["settings"]
  }

  /// Whether the step had every answer to a read that a later run has now, and was told the same.
  func knew(_ later: Ledger, told: ResolvedFlow.Step) -> Bool {
    guard told.part.payload == payload, told.connection.known == settings else { return false }
    return later.entries.allSatisfy { name, entry in
      guard !entry.isChange else { return false }
      let known = ledger.entries[name]
      return known?.answer == entry.answer && known?.effect == entry.effect
    }
  }

  /// Whether the step asked for all of these changes, and then came to nothing.
  func asked(for effects: [Effect]) -> Bool {
    effects.filter(\.isChange).allSatisfy { effect in
      effect.name.flatMap { ledger.entries[$0]?.effect } == effect.json
    }
  }
}
