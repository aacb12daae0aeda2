public import Setup
public import Store
public import Values

/// What a step said in its last try, call by call, so that the run can be replayed.
///
/// The answers that a call was made with are the ledger's, of earlier rounds; the rest of what the step
/// was told is kept with the first reply.
public struct Transcript {
  private let prefix: String

  /// Makes one of its parts.
  public init(run: String, step: Int) { prefix = StoreKey.reply.key("\(run)/\(step + 1)/") }

  private func key(_ round: Int) -> String { "\(prefix)\(round)" }

  /// The change that records the reply of a call.
  public func put(_ round: Int, _ reply: [UInt8], payload: JSON, settings: JSON) -> Change {
    var text = ObjectText(room: reply.count + 128)
    if round == 1 { text.add("payload", payload) }
    text.add("reply", text: reply)
    if round == 1 { text.add("settings", settings) }
    return .put(key(round), text.text())
  }

  /// The change that removes the record of a call.
  public func remove(_ round: Int) -> Change { .remove(key(round)) }

  /// The records of the last try, the first call first.
  public func records(in home: Home) throws(Problem) -> [JSON] {
    var records: [JSON] = []
    while let record = try home.document(at: key(records.count + 1)) { records.append(record) }
    return records
  }
}
