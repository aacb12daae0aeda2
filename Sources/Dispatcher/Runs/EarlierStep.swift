import Records
import Setup
import StepKit
import Values

/// The step at which an earlier run of the same event stopped or failed, with its answers and settings.
///
/// An app whose events have no ids may send the same body again. A later run that reads the same state
/// with the same settings would have the same result, and could repeat a refused request.
struct EarlierStep {
  /// The earlier run.
  let run: Run
  private let ledger: Ledger
  private let payload: JSON
  private let settings: JSON

  /// The step of a run; nil unless its reply `stop` or `fail` ended the run.
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

  /// Whether the step had the settings of a step and all answers of a ledger, which are all to reads.
  func had(answersIn later: Ledger, settingsOf step: ResolvedFlow.Step) -> Bool {
    guard step.part.payload == payload, step.connection.known == settings else { return false }
    return later.entries.allSatisfy { name, entry in
      guard !entry.isChange else { return false }
      let known = ledger.entries[name]
      return known?.answer == entry.answer && known?.effect == entry.effect
    }
  }

  /// Whether the step requested all changes among these effects.
  func requested(_ effects: [Effect]) -> Bool {
    effects.filter(\.isChange).allSatisfy { effect in
      effect.name.flatMap { ledger.entries[$0]?.effect } == effect.json
    }
  }
}
