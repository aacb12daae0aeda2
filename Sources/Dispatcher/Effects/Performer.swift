import Step

/// Performs the effects that a step asks for, each effectively once.
///
/// It belongs to one thread, as its ``Caller`` does.
final class Performer {
  /// What came of an effect.
  enum Result {
    /// The step can be told.
    case answer(LedgerEntry)
    /// It is to be sent again, later, by the dispatcher itself.
    case postponed(String)
  }

  private let caller: Caller
  private let links: Links
  private let clock: Clock

  init(home: Home, clock: Clock) {
    caller = Caller(secrets: home.secrets)
    links = Links(home: home)
    self.clock = clock
  }

  /// Performs one effect of a step's call and writes each change down before it is sent.
  func perform(
    _ effect: Effect, of call: StepCall, in ledger: inout Ledger, round: Int
  ) throws(Problem) -> Result {
    switch effect {
    case .http(let http): return try perform(http, of: call, in: &ledger, round: round)
    case .find(let find):
      let answer = try answer(find, call)
      return .answer(
        LedgerEntry(
          .confirmed, effect.json, key: nil, at: clock.now(), round: round, answer: answer))
    case .link(let link):
      try links.commit([call.row(link)], with: [])
      return .answer(
        LedgerEntry(
          .confirmed, effect.json, key: nil, at: clock.now(), round: round,
          answer: .known(status: 200, value: .null)))
    }
  }

  private func answer(_ find: FindEffect, _ call: StepCall) throws(Problem) -> Answer {
    let ids = call.scoped(find.ids)
    guard let row = try links.row(find.kind, anyOf: ids) else {
      return .known(status: 404, value: .null)
    }
    let found = call.unscoped(row.ids)
    guard let app = find.app else { return .known(status: 200, value: .texts(found)) }
    return found[app].map { .known(status: 200, value: .string($0)) }
      ?? .known(status: 404, value: .null)
  }
}

// MARK: - Requests

extension Performer {
  private func perform(
    _ http: HTTPEffect, of call: StepCall, in ledger: inout Ledger, round: Int
  ) throws(Problem) -> Result {
    guard !http.isSafe else { return try read(http, call, round) }
    var entry = ledger.entries[http.name]
    if let known = entry, !canSendAgain(known, call) {
      return .answer(doubtful(known))
    }
    if entry == nil {
      let intended = LedgerEntry(
        .intended, Effect.http(http).json, key: call.key(of: http.name), at: clock.now(),
        round: round)
      try ledger.record([http.name: intended])
      entry = intended
    }
    guard var entry else { return .postponed("there is nothing to send") }
    switch try caller.send(http, through: call.connection, key: entry.key) {
    case .notSent(let reason): return .postponed("\(call.connection.app.name): \(reason)")
    case .inDoubt(let reason): return doubt(entry, call, reason)
    case .answered(let answer, _) where isInDoubt(answer):
      return doubt(entry, call, "answered \(answer.status ?? 0)")
    case .answered(let answer, _):
      entry.state = answer.isSuccess ? .confirmed : .refused
      entry.answer = answer
      return .answer(entry)
    }
  }

  private func read(_ http: HTTPEffect, _ call: StepCall, _ round: Int) throws(Problem) -> Result {
    switch try caller.send(http, through: call.connection, key: nil) {
    case .notSent(let reason), .inDoubt(let reason):
      return .postponed("\(call.connection.app.name): \(reason)")
    case .answered(let answer, _):
      return .answer(
        LedgerEntry(
          answer.isSuccess ? .confirmed : .refused, Effect.http(http).json, key: nil,
          at: clock.now(), round: round, answer: answer))
    }
  }

  /// 429 says that nothing was done; 408 and what begins with 5 leave it open.
  private func isInDoubt(_ answer: Answer) -> Bool { answer.isTemporary && answer.status != 429 }

  /// What is to become of a change without a clear answer: within the app's window the dispatcher
  /// sends it again with the same key, otherwise the step is told of the doubt.
  private func doubt(_ entry: LedgerEntry, _ call: StepCall, _ reason: String) -> Result {
    guard canSendAgain(entry, call) else { return .answer(doubtful(entry)) }
    return .postponed("\(call.connection.app.name): \(reason); the same request goes out again")
  }

  private func canSendAgain(_ entry: LedgerEntry, _ call: StepCall) -> Bool {
    guard let window = call.connection.app.http.idempotency?.window, entry.key != nil else {
      return false
    }
    // A minute less: the two clocks, and the time that a request is on its way.
    return entry.at.adding(seconds: window - 60) > clock.now()
  }

  private func doubtful(_ entry: LedgerEntry) -> LedgerEntry {
    var entry = entry
    entry.state = .unknown
    entry.answer = .unknown
    return entry
  }
}
