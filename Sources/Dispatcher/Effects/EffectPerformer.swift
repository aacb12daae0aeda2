import Catalog
import HTTPClient
import Records
import Setup
import StepKit
import Values

/// Performs the effects that a step asks for, each effectively once: see ``LedgerEntry``.
///
/// It may be used by any number of threads, each for another run.
struct EffectPerformer: Sendable {
  private let home: Home
  private let caller: APIClient
  private let links: Links
  private let pauses: Pauses
  private let limiter: RateLimiter
  private let clock: WallClock
  private let instruments: any Instruments

  init(
    home: Home, transport: any HTTPTransport, clock: WallClock, instruments: any Instruments,
    observe: @escaping @Sendable (FaultPoint) -> Void
  ) {
    self.home = home
    caller = APIClient(home: home, transport: transport, clock: clock, observe: observe)
    links = Links(home: home)
    pauses = Pauses(home: home)
    limiter = RateLimiter(home: home)
    self.clock = clock
    self.instruments = instruments
  }

  /// Performs one effect of a step's call and writes down what came of it.
  ///
  /// - Returns: nil once the step can be told the answer, else why it cannot go on now.
  func perform(
    _ effect: Effect, as name: String, of call: StepCall, in ledger: inout Ledger, round: Int
  ) throws(Problem) -> Delay? {
    switch effect {
    case .http(let http):
      return try http.isSafe
        ? read(http, call, &ledger, round) : change(http, call, &ledger, round)
    case .find(let find):
      let answer = call.answer(find, try links.row(find.kind, anyOf: call.scoped(find.ids)))
      ledger.note(name, entry(.confirmed, effect, round, answer))
    case .link(let link):
      try home.transact { (transaction) throws(Problem) in
        try links.add([call.row(link)], target: call.target, to: &transaction)
      }
      ledger.note(name, entry(.confirmed, effect, round, .known(status: 200, value: .null)))
    }
    return nil
  }

  private func entry(
    _ state: LedgerEntry.State, _ effect: Effect, _ round: Int, _ answer: Answer
  ) -> LedgerEntry {
    LedgerEntry(state, effect.json, at: clock.now(), round: round, answer: answer)
  }

  private func read(
    _ http: HTTPEffect, _ call: StepCall, _ ledger: inout Ledger, _ round: Int
  ) throws(Problem) -> Delay? {
    if let delay = try delay(of: call.connection) { return delay }
    let (outcome, sending) = try send(http, through: call.connection, key: nil)
    switch outcome {
    case .notSent(let reason), .inDoubt(let reason): return trouble(call, reason)
    case .answered(let answer, _):
      if let delay = try pause(call.connection, for: answer) { return delay }
      if call.connection.app.http.isTemporary(answer) { return trouble(call, answer) }
      let state: LedgerEntry.State = answer.isSuccess ? .confirmed : .refused
      var entry = entry(state, .http(http), round, answer)
      entry.sending = sending
      ledger.note(http.name, entry)
      return nil
    }
  }
}

// MARK: - Sending

extension EffectPerformer {
  /// Sends a request and says when, and how long it took.
  private func send(
    _ http: HTTPEffect, through connection: Connection, key: String?
  ) throws(Problem) -> (RequestOutcome, LedgerEntry.Sending) {
    let (at, start) = (clock.now(), clock.uptime())
    let outcome = try caller.send(http, through: connection, key: key)
    let seconds = clock.uptime() - start
    instruments.requestSent(
      to: connection.app.id, result: outcome.result, seconds: seconds)
    return (outcome, LedgerEntry.Sending(at: at, milliseconds: Int(seconds * 1000)))
  }
}

// MARK: - Changes

extension EffectPerformer {
  private func change(
    _ http: HTTPEffect, _ call: StepCall, _ ledger: inout Ledger, _ round: Int
  ) throws(Problem) -> Delay? {
    let known = ledger.entries[http.name]
    if let known, known.isUnderway, !canSendAgain(known, call) {
      return try doubt(known, http, round, &ledger)
    }
    if let delay = try delay(of: call.connection) { return delay }
    guard let known, known.isUnderway else {
      let entry = LedgerEntry(
        .intended, Effect.http(http).json, generation: (known?.generation ?? 0) + 1,
        at: clock.now(), round: round)
      try ledger.record(http.name, entry)
      return try send(http, entry, isFirst: true, call, &ledger)
    }
    var entry = known
    entry.round = round
    return try send(http, entry, isFirst: false, call, &ledger)
  }

  /// Sends a change that is written down.
  ///
  /// `isFirst` says that it cannot have been sent with this key before: only then does a refusal of
  /// this sending say that nothing was done.
  private func send(
    _ http: HTTPEffect, _ entry: LedgerEntry, isFirst: Bool, _ call: StepCall,
    _ ledger: inout Ledger
  ) throws(Problem) -> Delay? {
    let key = call.key(of: http.name, generation: entry.generation)
    var entry = entry
    let (outcome, sending) = try send(http, through: call.connection, key: key)
    entry.sending = sending
    switch outcome {
    case .notSent(let reason):
      if isFirst { try void(entry, http, keyIsSpent: false, &ledger) }
      return trouble(call, reason)
    case .inDoubt(let reason): return try lost(entry, http, call, reason, &ledger)
    case .answered(let answer, let isReplay):
      if let delay = try pause(call.connection, for: answer) {
        if isFirst { try void(entry, http, keyIsSpent: true, &ledger) }
        return delay
      }
      guard call.connection.app.http.isTemporary(answer) else {
        return try settle(entry, http, answer, &ledger)
      }
      // 429 says that nothing was done; 408 and what begins with 5 leave it open.
      if answer.status == 429 {
        let mayBeReplay = isReplay || call.connection.app.http.idempotency?.replayed == nil
        if isFirst { try void(entry, http, keyIsSpent: mayBeReplay, &ledger) }
        return trouble(call, answer)
      }
      // The app's memory of an error says nothing of what became of the request.
      if isReplay { return try doubt(entry, http, entry.round, &ledger) }
      return try lost(entry, http, call, "answered \(answer.status ?? 0)", &ledger)
    }
  }

  private func settle(
    _ entry: LedgerEntry, _ http: HTTPEffect, _ answer: Answer, _ ledger: inout Ledger
  ) throws(Problem) -> Delay? {
    var entry = entry
    entry.state = answer.isSuccess ? .confirmed : .refused
    entry.answer = answer
    try ledger.record(http.name, entry)
    return nil
  }

  /// Writes down that a change did not happen.
  ///
  /// Another run may do the same thing meanwhile, and has the same key. So the next try has another only
  /// if the app answers this one from memory, or does not say whether it does.
  private func void(
    _ entry: LedgerEntry, _ http: HTTPEffect, keyIsSpent: Bool, _ ledger: inout Ledger
  ) throws(Problem) {
    var entry = entry
    if !keyIsSpent { entry.generation -= 1 }
    entry.state = .void
    try ledger.record(http.name, entry)
  }

  /// A change without a clear answer: within the app's window the dispatcher sends it again with the
  /// same key, otherwise the step is told of the doubt.
  private func lost(
    _ entry: LedgerEntry, _ http: HTTPEffect, _ call: StepCall, _ reason: String,
    _ ledger: inout Ledger
  ) throws(Problem) -> Delay? {
    guard canSendAgain(entry, call) else {
      return try doubt(entry, http, entry.round, &ledger)
    }
    var sent = entry
    sent.state = .sent
    try ledger.record(http.name, sent)
    return trouble(call, "\(reason); the same request goes out again")
  }

  private func doubt(
    _ entry: LedgerEntry, _ http: HTTPEffect, _ round: Int, _ ledger: inout Ledger
  ) throws(Problem) -> Delay? {
    var entry = entry
    entry.state = .unknown
    entry.answer = .unknown
    entry.round = round
    try ledger.record(http.name, entry)
    return nil
  }

  private func canSendAgain(_ entry: LedgerEntry, _ call: StepCall) -> Bool {
    guard let window = call.connection.app.http.idempotency?.window else { return false }
    // A minute less: the two clocks, and the time that a request is on its way.
    return entry.at.adding(seconds: window - 60) > clock.now()
  }
}

// MARK: - Delays

extension EffectPerformer {
  private func trouble(_ call: StepCall, _ reason: String) -> Delay {
    .trouble("\(call.connection.app.name): \(reason)")
  }

  private func trouble(_ call: StepCall, _ answer: Answer) -> Delay {
    .trouble("\(call.connection.app.name) answered \(answer.status ?? 0)", after: answer.after)
  }

  private func delay(of connection: Connection) throws(Problem) -> Delay? {
    if let reason = try pauses.reason(of: connection.name) { return .paused(reason) }
    if let reason = try whySealed(connection) { return .paused(reason) }
    return try limiter.wait(for: connection, now: clock.now()).map { .throttled(until: $0) }
  }

  /// Why a connection's secrets cannot be opened: then somebody has moved the key that seals them, and
  /// nothing is wrong with the run.
  private func whySealed(_ connection: Connection) throws(Problem) -> String? {
    do throws(Problem) {
      _ = try home.secrets(of: connection)
      return nil
    } catch {
      guard error.kind == .configuration else { throw error }
      return "the secrets of connection \(connection.name) cannot be opened: \(error)"
    }
  }

  /// A key that is refused once is refused always: the connection waits for a person.
  private func pause(_ connection: Connection, for answer: Answer) throws(Problem) -> Delay? {
    guard let reason = answer.refusalOfKey(of: connection) else { return nil }
    try pauses.pause(connection.name, reason, at: clock.now())
    return .paused(reason)
  }
}
