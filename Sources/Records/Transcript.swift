public import Setup
public import Store
public import Values

/// The replies of a step in its last attempt, so that the run can be replayed.
///
/// The answers that a call was made with are in the ledger; its other inputs are stored with the first
/// reply.
public struct Transcript {
  private let prefix: String

  /// Creates the transcript of a step, from 0.
  public init(run: String, step: Int) { prefix = StoreKey.reply.key("\(run)/\(step + 1)/") }

  private func key(_ round: Int) -> String { "\(prefix)\(round)" }

  /// The change that stores the reply of a call, from 1.
  public func put(_ round: Int, _ reply: [UInt8], payload: JSON, settings: JSON) -> Change {
    var text = ObjectText(room: reply.count + 128)
    if round == 1 { text.add("payload", payload) }
    text.add("reply", text: reply)
    if round == 1 { text.add("settings", settings) }
    return .put(key(round), text.text())
  }

  /// The change that removes the reply of a call.
  public func remove(_ round: Int) -> Change { .remove(key(round)) }

  /// The records of the last attempt, in the order of the calls.
  public func records(in home: Home) throws(Problem) -> [JSON] {
    var records: [JSON] = []
    while let record = try home.document(at: key(records.count + 1)) { records.append(record) }
    return records
  }
}
