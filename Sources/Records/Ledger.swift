public import Setup
public import StepKit
public import Store
public import Values

/// The stored effects of one step of one run.
public struct Ledger {
  private let home: Home
  private let prefix: String
  /// The step, from 0.
  public let step: Int
  private let transcript: Transcript
  /// The effects by name.
  public private(set) var entries: [String: LedgerEntry] = [:]
  /// The changes to store with the next commit; they need no flush of their own.
  public private(set) var pending: [Change] = []

  /// Reads the effects of a step (from 0) of a run; a new run has none, and nothing is read.
  ///
  /// - Throws: An `io` problem if a record cannot be read.
  public init(home: Home, run: String, step: Int, isNew: Bool = false) throws(Problem) {
    self.home = home
    self.step = step
    prefix = StoreKey.effect.key("\(run)/\(step + 1)/")
    transcript = Transcript(run: run, step: step)
    guard !isNew else { return }
    for (key, document) in try home.documents(below: prefix) {
      guard let name = String(key.dropFirst(prefix.count)).percentDecoded else {
        throw Problem(.io, "the record \(key) has no readable name")
      }
      entries[name] = try LedgerEntry(json: document)
    }
  }

  /// The answers that the step is called with.
  public var answers: [String: Answer] { entries.compactMapValues(\.answer) }

  /// The number of the last call that asked for an effect, from 1; 0 before the first.
  public var round: Int { entries.values.map(\.round).max() ?? 0 }

  /// The number of changes that are settled.
  public var settled: Int { entries.values.count(where: \.isSettled) }

  /// Whether a change that the last call asked for did not happen, and waits to be tried again.
  public var hasWaitingChange: Bool {
    let round = round
    return entries.values.contains { $0.state == .void && $0.round == round }
  }

  /// Whether a change was made, or may have been.
  public var mayHaveChanged: Bool {
    entries.values.contains { $0.state != .refused && $0.state != .void && $0.isChange }
  }

  /// Whether it is not certain of a change that it was made, or was not.
  public var hasOpenChanges: Bool {
    entries.values.contains {
      $0.isChange && ($0.isUnderway || $0.state == .unknown || $0.state == .parked)
    }
  }

  /// Whether it has answers to reads.
  public var hasReads: Bool { entries.values.contains { $0.answer != nil && !$0.isChange } }

  /// The effects whose outcome is unknown.
  public var doubts: [String: LedgerEntry] {
    entries.filter { $0.value.state == .unknown || $0.value.state == .parked }
  }

  /// The changes that park all effects whose outcome is unknown.
  public var parking: [Change] { parking(doubts) }

  /// The same, and the changes that are under way: they will not be sent again.
  public var parkingOfAllUnderway: [Change] {
    parking(
      doubts.merging(entries.filter { $0.value.isUnderway && $0.value.isChange }) { one, _ in one })
  }

  private func parking(_ entries: [String: LedgerEntry]) -> [Change] {
    entries.map { name, entry in
      var entry = entry
      entry.state = .parked
      return put(name, entry)
    }
  }

  /// Adds the pending changes to a transaction.
  public func addPending(to transaction: inout Transaction) { transaction.changes += pending }

  /// Stores an entry, and everything pending, durably.
  public mutating func record(_ name: String, _ entry: LedgerEntry) throws(Problem) {
    _ = try home.commit(pending + [put(name, entry)])
    pending = []
    entries[name] = entry
  }

  /// Stores the entry that `build` makes in a transaction, which it may add to, and everything pending.
  ///
  /// - Returns: the entry; nil if `build` made none, and nothing was stored.
  public mutating func record(
    _ name: String, _ build: (inout Transaction) throws(Problem) -> LedgerEntry?
  ) throws(Problem) -> LedgerEntry? {
    let entry = try home.transact { (transaction) throws(Problem) -> LedgerEntry? in
      guard let entry = try build(&transaction) else {
        transaction = Transaction()
        return nil
      }
      transaction.changes = pending + [put(name, entry)] + transaction.changes
      return entry
    }
    guard let entry else { return nil }
    pending = []
    entries[name] = entry
    return entry
  }

  /// Notes an entry that changed nothing on the other side: it is stored with the next change of the
  /// ledger or the run, and so before anything is sent that depends on it.
  public mutating func note(_ name: String, _ entry: LedgerEntry) {
    pending.append(put(name, entry))
    entries[name] = entry
  }

  /// Notes the reply of the step to a call, for a replay.
  public mutating func hear(_ reply: [UInt8], payload: JSON, settings: JSON) {
    pending.append(transcript.put(round + 1, reply, payload: payload, settings: settings))
  }

  /// The change that stores an entry.
  public func put(_ name: String, _ entry: LedgerEntry) -> Change {
    .put(prefix + name.percentEncoded, entry.json)
  }

  /// The changes that remove what the next attempt of the step must not know: the replies, the answers
  /// to reads, temporary refusals and unknown outcomes.
  ///
  /// Effects that are confirmed, under way or parked stay. Refused changes stay too, unless `refusals` is
  /// set because a person has removed their cause.
  public func forgetting(refusals: Bool = false) -> [Change] {
    (1...round + 1).map { transcript.remove($0) }
      + entries.map { name, entry in
        var kept = entry
        kept.round = 0
        if entry.isUnderway || entry.state == .parked { return put(name, kept) }
        if entry.isSettled, !refusals || entry.state == .confirmed { return put(name, kept) }
        guard entry.isChange else { return .remove(prefix + name.percentEncoded) }
        kept.state = .void
        kept.answer = nil
        return put(name, kept)
      }
  }
}
