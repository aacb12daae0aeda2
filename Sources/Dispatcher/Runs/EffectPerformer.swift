import Catalog
import HTTPClient
import Lanes
import Policies
import Records
import Requests
import Setup
import StepKit
import Values

/// Performs the effects that steps request, each effectively once: see ``LedgerEntry``.
///
/// Any number of threads may use it, each for another run.
struct EffectPerformer: Sendable {
  private let home: Home
  let gate: EffectGate
  private let client: APIClient
  private let links: Links
  private let pauses: Pauses
  private let limiter: any RequestLimiter
  private let admissions: Admissions
  let clock: WallClock
  private let instruments: (any Instruments)?

  init(
    home: Home, client: APIClient, limiter: any RequestLimiter, admissions: Admissions,
    clock: WallClock, instruments: (any Instruments)?
  ) {
    self.home = home
    gate = EffectGate(home: home)
    self.client = client
    self.limiter = limiter
    self.admissions = admissions
    self.clock = clock
    self.instruments = instruments
    links = Links(home: home)
    pauses = Pauses(home: home)
  }

  /// Performs one effect of a call and records the result in the ledger.
  ///
  /// - Returns: nil if the ledger has the answer for the step; otherwise the reason to wait.
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now; a `configuration`,
  ///   `data` or `refused` one if the effect cannot be performed.
  func perform(
    _ effect: Effect, as name: String, of call: StepCall, in ledger: inout Ledger, round: Int,
    _ use: inout ConnectionUse
  ) throws(Problem) -> RunDelay? {
    switch effect {
    case .http(let http):
      return try http.isSafe
        ? read(http, call, &ledger, round, &use) : govern(effect, name, call, &ledger, round, &use)
    case .mail: return try govern(effect, name, call, &ledger, round, &use)
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
    _ http: HTTPEffect, _ call: StepCall, _ ledger: inout Ledger, _ round: Int,
    _ use: inout ConnectionUse
  ) throws(Problem) -> RunDelay? {
    if let reason = try reasonToWait(for: call.connection, &use) { return reason }
    let (outcome, sending) = try send(.http(http), through: call.connection, key: nil, use.take())
    switch outcome {
    case .notSent(let reason), .inDoubt(let reason): return failure(call, reason)
    case .answered(let answer, _):
      if let reason = try pause(call.connection, for: answer) { return reason }
      if call.connection.app.http.isTemporary(answer) { return failure(call, answer) }
      let state: LedgerEntry.State = answer.isSuccess ? .confirmed : .refused
      var entry = entry(state, .http(http), round, answer)
      entry.sending = sending
      ledger.note(http.name, entry)
      return nil
    }
  }

  private func send(
    _ effect: Effect, through connection: Connection, key: String?, _ use: ResourceUse?
  ) throws(Problem) -> (RequestOutcome, LedgerEntry.Sending) {
    let (at, start) = (clock.now(), clock.uptime())
    let outcome = try admissions.blocking { () throws(Problem) in
      if case .http(let http) = effect {
        return try client.send(http, through: connection, key: key)
      }
      guard case .mail(let mail) = effect, let key else {
        throw Problem(.software, "an effect that is not sent")
      }
      return try client.send(mail, through: connection, key: key)
    }
    switch outcome {
    case .answered(let answer, _):
      use?.end(.answered(isGood: !connection.app.http.isTemporary(answer)))
    case .notSent(let reason), .inDoubt(let reason):
      use?.end(admissions.failure(reason, since: start))
    }
    let seconds = clock.uptime() - start
    instruments?.requestSent(to: connection.app.id, result: outcome.result, seconds: seconds)
    return (outcome, LedgerEntry.Sending(at: at, milliseconds: Int(seconds * 1000)))
  }
}

// MARK: - Changes

extension EffectPerformer {
  func change(
    _ effect: Effect, _ name: String, _ call: StepCall, _ ledger: inout Ledger, _ round: Int,
    _ use: inout ConnectionUse
  ) throws(Problem) -> RunDelay? {
    let known = ledger.entries[name]
    if var known, known.isUnderway, !canSendAgain(known, call) {
      known.round = round
      return try record(known, .unknown, .unknown, name, &ledger)
    }
    if let reason = try reasonToWait(for: call.connection, &use) { return reason }
    let use = use.take()
    guard var known, known.isUnderway else {
      let entry = LedgerEntry(
        .intended, effect.json, generation: (known?.generation ?? 0) + 1,
        at: clock.now(), round: round)
      if let delay = try intend(entry, effect, name, call, &ledger) { return delay }
      return try send(
        effect, name, ledger.entries[name] ?? entry, isFirst: true, call, &ledger, use)
    }
    known.round = round
    return try send(effect, name, known, isFirst: false, call, &ledger, use)
  }

  /// Sends a change that is recorded as intended or sent.
  ///
  /// `isFirst` is true if no request with this key can have been sent before: only then does a refusal
  /// of this request prove that nothing was done.
  private func send(
    _ effect: Effect, _ name: String, _ entry: LedgerEntry, isFirst: Bool, _ call: StepCall,
    _ ledger: inout Ledger, _ use: ResourceUse?
  ) throws(Problem) -> RunDelay? {
    let key = call.key(of: name, generation: entry.generation)
    var entry = entry
    let (outcome, sending) = try send(effect, through: call.connection, key: key, use)
    entry.sending = sending
    // Another run may do the same thing meanwhile, and has the same key. So the next try has another key
    // only if the app answers this one from memory, or does not say whether it does.
    func wait(_ reason: RunDelay, keyIsSpent: Bool) throws(Problem) -> RunDelay {
      var unused = entry
      if !keyIsSpent { unused.generation -= 1 }
      if isFirst { try record(unused, .void, nil, name, &ledger) }
      return reason
    }
    switch outcome {
    case .notSent(let reason): return try wait(failure(call, reason), keyIsSpent: false)
    case .inDoubt(let reason): return try recordDoubt(entry, name, call, reason, &ledger)
    case .answered(let answer, let isReplay):
      if let reason = try pause(call.connection, for: answer) {
        return try wait(reason, keyIsSpent: true)
      }
      guard call.connection.app.http.isTemporary(answer) else {
        return try record(
          entry, answer.isSuccess ? .confirmed : .refused, answer, name, &ledger)
      }
      // After a 429 nothing was done; after a 408 or 5xx that is unknown.
      if answer.status == 429 {
        let mayBeReplay = isReplay || call.connection.app.http.idempotency?.replayed == nil
        return try wait(failure(call, answer), keyIsSpent: mayBeReplay)
      }
      // A stored error does not tell whether the original request was carried out.
      if isReplay { return try record(entry, .unknown, .unknown, name, &ledger) }
      return try recordDoubt(entry, name, call, "answered \(answer.status ?? 0)", &ledger)
    }
  }

  /// Records a change without a definite answer.
  ///
  /// Within the app's window it is sent again with the same key; after that the step gets `unknown`.
  private func recordDoubt(
    _ entry: LedgerEntry, _ name: String, _ call: StepCall, _ reason: String,
    _ ledger: inout Ledger
  ) throws(Problem) -> RunDelay? {
    guard canSendAgain(entry, call) else {
      return try record(entry, .unknown, .unknown, name, &ledger)
    }
    try record(entry, .sent, nil, name, &ledger)
    return failure(call, "\(reason); the same request will be sent again")
  }

  /// Records an entry in a new state, with the answer if there is one; returns nil.
  @discardableResult
  private func record(
    _ entry: LedgerEntry, _ state: LedgerEntry.State, _ answer: Answer?, _ name: String,
    _ ledger: inout Ledger
  ) throws(Problem) -> RunDelay? {
    var entry = entry
    entry.state = state
    if let answer { entry.answer = answer }
    try ledger.record(name, entry)
    return nil
  }

  private func canSendAgain(_ entry: LedgerEntry, _ call: StepCall) -> Bool {
    guard let window = call.connection.app.http.idempotency?.window else { return false }
    // A minute less, for different clocks and for the time that a request takes.
    return entry.at.adding(seconds: window - 60) > clock.now()
  }
}

// MARK: - Reasons to wait

extension EffectPerformer {
  private func failure(_ call: StepCall, _ reason: String) -> RunDelay {
    .failure("\(call.connection.app.name): \(reason)")
  }

  private func failure(_ call: StepCall, _ answer: Answer) -> RunDelay {
    .failure("\(call.connection.app.name) answered \(answer.status ?? 0)", after: answer.after)
  }

  private func reasonToWait(
    for connection: Connection, _ use: inout ConnectionUse
  ) throws(Problem) -> RunDelay? {
    if let reason = try pause(of: connection) { return .paused(reason) }
    let resource = Resource.connection(connection.name)
    guard use.begin(resource, admissions) else {
      return .queued(WantedResource(resource: resource, returns: false))
    }
    guard let time = try limiter.wait(for: connection, now: clock.now()) else {
      use.current?.confirm()
      return nil
    }
    guard use.suspends, admissions.hasRoom else { return .throttled(until: time) }
    use.take()?.end(.postponed(until: time))
    return .queued(WantedResource(resource: resource, returns: true))
  }

  /// Why a connection cannot be used until a person has done something; nil if it can.
  func pause(of connection: Connection) throws(Problem) -> String? {
    if let reason = try pauses.reason(of: connection.name) { return reason }
    do throws(Problem) {
      _ = try home.secrets(of: connection)
      return nil
    } catch {
      // The key file was moved or replaced; nothing is wrong with the run.
      guard error.kind == .configuration else { throw error }
      return "the secrets of connection \(connection.name) cannot be opened: \(error)"
    }
  }

  /// Pauses a connection whose key the app refused, until a person resumes it.
  private func pause(_ connection: Connection, for answer: Answer) throws(Problem) -> RunDelay? {
    guard let reason = answer.refusalOfKey(of: connection) else { return nil }
    try pauses.pause(connection.name, reason, at: clock.now())
    return .paused(reason)
  }
}
