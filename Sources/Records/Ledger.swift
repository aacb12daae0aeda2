public import Setup
public import StepKit
public import Store
public import Values

/// The effects of one step of one run, as the store has them.
public struct Ledger {
  private let home: Home
  private let prefix: String
  /// The step, from 0.
  public let step: Int
  private let transcript: Transcript
  /// The effects by name.
  public private(set) var entries: [String: LedgerEntry] = [:]
  /// What is to be written with the next commit, since it needs no flush of its own.
  public private(set) var pending: [Change] = []

  /// Reads what is known; after a crash this is all that is left of the step.
  ///
  /// Of a run that is new nothing is known, and nothing is read.
  public init(home: Home, run: String, step: Int, isNew: Bool = false) throws(Problem) {
    self.home = home
    self.step = step
    prefix = "effect/\(run)/\(step + 1)/"
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

  /// The last call that asked for something.
  public var round: Int { entries.values.map(\.round).max() ?? 0 }

  /// How many changes are settled for good.
  public var settled: Int { entries.values.count(where: \.isSettled) }

  /// Whether a change that the last call asked for did not happen, and waits to be tried again.
  public var hasWaitingChange: Bool {
    let round = round
    return entries.values.contains { $0.state == .void && $0.round == round }
  }

  /// The changes of which nobody can say whether they happened.
  public var doubts: [String: LedgerEntry] {
    entries.filter { $0.value.state == .unknown || $0.value.state == .parked }
  }

  /// The changes that park what is in doubt, for a person to settle.
  public func parkingDoubts() -> [Change] {
    doubts.map { name, entry in
      var entry = entry
      entry.state = .parked
      return put(name, entry)
    }
  }

  /// Writes an entry down, durably, before anything else happens.
  public mutating func record(_ name: String, _ entry: LedgerEntry) throws(Problem) {
    _ = try home.commit(pending + [put(name, entry)])
    pending = []
    entries[name] = entry
  }

  /// Notes an entry that changed nothing anywhere: it is written down with the next that must be, and
  /// before anything is sent that rests on it.
  public mutating func note(_ name: String, _ entry: LedgerEntry) {
    pending.append(put(name, entry))
    entries[name] = entry
  }

  /// Notes what the step said to a call, for a replay.
  public mutating func hear(_ reply: [UInt8], payload: JSON, settings: JSON) {
    pending.append(transcript.put(round + 1, reply, payload: payload, settings: settings))
  }

  /// The change that writes an entry down.
  public func put(_ name: String, _ entry: LedgerEntry) -> Change {
    .put(prefix + name.percentEncoded, entry.json)
  }

  /// The changes that take away what the next try of the step must not know.
  ///
  /// That is what was read, was refused for the time being or is in doubt. What a change came to, and
  /// what is underway, stays; refused changes are forgotten only with `refusals`, when a person has
  /// mended their cause.
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
