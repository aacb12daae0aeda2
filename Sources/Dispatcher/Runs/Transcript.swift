import Step
import Store

/// What a step said in its last try, call by call, so that the run can be replayed.
///
/// The answers that a call was made with are the ledger's, of earlier rounds; the rest of what the step
/// was told is kept with the first reply.
struct Transcript {
  private let prefix: String

  init(run: String, step: Int) { prefix = "reply/\(run)/\(step + 1)/" }

  private func key(_ round: Int) -> String { "\(prefix)\(round)" }

  func put(_ round: Int, _ reply: JSON, to invocation: Invocation<JSON>) -> Change {
    .put(
      key(round),
      .members([
        "reply": reply, "payload": round == 1 ? invocation.payload : nil,
        "settings": round == 1 ? invocation.settings : nil,
      ]))
  }

  func remove(_ round: Int) -> Change { .remove(key(round)) }

  /// The records of the last try, the first call first.
  func records(in home: Home) throws(Problem) -> [JSON] {
    var records: [JSON] = []
    while let record = try home.document(at: key(records.count + 1)) { records.append(record) }
    return records
  }
}
