import FoundationEssentials
import Step
import Store

/// Carries runs: calls the steps, performs what they ask for, writes down what came of it.
///
/// It belongs to one thread. All that it knows of a run is in the store, so that any carrier can go on
/// where another was killed.
final class Carrier {
  private let registry: Registry
  private let functions: Functions
  private let backoff: Backoff
  private let clock: Clock
  private let performer: Performer
  private let links: Links

  /// How often a step may ask in one go: more is a step that turns in circles.
  private static let mostRounds = 200

  /// How often a function that gives no reply is called again.
  private static let mostBreakdowns = 5

  init(registry: Registry, functions: Functions, backoff: Backoff, clock: Clock) {
    self.registry = registry
    self.functions = functions
    self.backoff = backoff
    self.clock = clock
    performer = Performer(home: registry.home, clock: clock)
    links = Links(home: registry.home)
  }

  /// Carries a run until it ends or must wait; gives it as it is then.
  func carry(_ run: Run) throws(Problem) -> Run {
    var run = run
    if run.log.isEmpty { run.note("Run Started", "Success", at: clock.now()) }
    do throws(Problem) {
      let parts = try registry.flowConnection(run.flowConnection).parts
      while run.status == .pending {
        guard run.step < parts.count else {
          try end(&run, .success, nil)
          break
        }
        guard try carryStep(of: &run, parts) else { break }
      }
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      try end(&run, .failed, error.description)
    }
    return run
  }

  /// Carries one step to its end; false if the run must wait.
  private func carryStep(of run: inout Run, _ parts: [FlowConnection.Part]) throws(Problem) -> Bool
  {
    let call = try call(run, parts)
    let name = "Step \(run.step + 1)"
    if run.attempts == 0 { run.note("\(name) Start", "Pending", at: clock.now(), "\(call.step)") }
    var ledger = try Ledger(home: registry.home, run: run.id, step: run.step)
    for _ in 0..<Self.mostRounds {
      let reply: Reply<JSON>
      do throws(Problem) {
        reply = try self.reply(to: call, run, parts[run.step], ledger)
      } catch {
        // A crash or a machine that is too busy may pass; one that does not is a person's business.
        guard error.kind == .unavailable, run.attempts < Self.mostBreakdowns else { throw error }
        return try wait(&run, error.description, after: nil, ledger)
      }
      switch reply {
      case .ask(let effects):
        guard let reason = try perform(effects, call, &ledger) else { continue }
        return try wait(&run, reason, after: nil, ledger)
      case .done(let output, let effects, let note):
        run.note("\(name) End", "Success", at: clock.now(), note)
        try finish(&run, output, effects, call)
        return true
      case .stop(let reason):
        run.note("\(name) End", "Stopped", at: clock.now(), reason)
        try end(&run, .stopped, reason)
        return true
      case .fail(let reason):
        run.note("\(name) End", "Failed", at: clock.now(), reason)
        try end(&run, .failed, reason)
        return true
      case .retry(let reason, let after): return try wait(&run, reason, after: after, ledger)
      }
    }
    throw Problem(.software, "the function \(call.step) asks on and on")
  }

  private func call(_ run: Run, _ parts: [FlowConnection.Part]) throws(Problem) -> StepCall {
    var scopes: [String: String] = [:]
    for part in parts { scopes[part.step.app] = try registry.connection(part.connection).scope }
    let part = parts[run.step]
    return StepCall(
      step: part.step, connection: try registry.connection(part.connection), scopes: scopes,
      input: try input(of: run), run: run.id)
  }

  private func input(of run: Run) throws(Problem) -> JSON {
    if let output = run.outputs.last { return output }
    guard let event = try registry.home.document(at: run.event) else {
      throw Problem(.noInput, "the event \(run.event) is no longer there")
    }
    return event["body"]
  }

  private func reply(
    to call: StepCall, _ run: Run, _ part: FlowConnection.Part, _ ledger: Ledger
  ) throws(Problem) -> Reply<JSON> {
    let invocation = Invocation<JSON>(
      run: run.id, at: run.at, input: call.input, payload: part.payload,
      settings: call.connection.known, answers: ledger.answers)
    let reply = try functions.call(part.step, with: invocation.json)
    do throws(Failure) {
      return try Reply<JSON>(json: reply)
    } catch {
      throw Problem(.software, "the function \(part.step) gave a bad reply: \(error.reason)")
    }
  }
}

// MARK: - Effects

extension Carrier {
  /// Performs what is not answered yet; the reason to wait if one cannot be performed now.
  private func perform(
    _ effects: [Effect], _ call: StepCall, _ ledger: inout Ledger
  ) throws(Problem) -> String? {
    let round = ledger.round + 1
    var progress = false
    for (index, effect) in effects.enumerated() {
      let name = effect.name ?? "link-\(round)-\(index)"
      guard ledger.entries[name]?.answer == nil else { continue }
      switch try performer.perform(effect, of: call, in: &ledger, round: round) {
      case .answer(let entry): try ledger.record([name: entry])
      case .postponed(let reason): return reason
      }
      progress = true
    }
    guard progress else {
      throw Problem(.software, "the function \(call.step) asks again for what it was answered")
    }
    return nil
  }

  /// The end of a step: its last effects and the run's progress are written down as one.
  private func finish(
    _ run: inout Run, _ output: JSON, _ effects: [Effect], _ call: StepCall
  ) throws(Problem) {
    var rows: [Links.Row] = []
    for effect in effects {
      guard case .link(let link) = effect else {
        throw Problem(.software, "the function \(call.step) is done, but asks for an answer")
      }
      let row = call.row(link)
      if row.ids.count >= 2 { rows.append(row) }
    }
    run.step += 1
    run.outputs.append(output)
    run.attempts = 0
    run.failingSince = nil
    run.reason = nil
    try links.commit(rows, with: [.put(run.key, run.json)])
  }
}

extension Effect {
  /// The name under which the answer comes back, if there is one.
  var name: String? {
    switch self {
    case .http(let effect): effect.name
    case .find(let effect): effect.name
    case .link: nil
    }
  }
}

// MARK: - Endings

extension Carrier {
  private func end(
    _ run: inout Run, _ status: Run.Status, _ reason: String?
  ) throws(Problem) {
    run.status = status
    run.reason = reason
    run.note("Run End", status.rawValue.capitalized, at: clock.now(), reason)
    _ = try registry.home.commit([.put(run.key, run.json), .remove(run.openKey)])
  }

  /// Puts the run off, or ends it where patience is at its end.
  private func wait(
    _ run: inout Run, _ reason: String, after: Int?, _ ledger: Ledger
  ) throws(Problem) -> Bool {
    let now = clock.now()
    let since = run.failingSince ?? now
    run.attempts += 1
    run.failingSince = since
    let next = backoff.next(attempts: run.attempts, after: after, now: now, since: since)
    guard let next else {
      try end(&run, .failed, "\(reason); tried \(run.attempts) times since \(since.text)")
      return true
    }
    run.due = next
    run.reason = reason
    run.note("Step \(run.step + 1) Waits", "Pending", at: now, reason)
    _ = try registry.home.commit(ledger.forgetting() + [.put(run.key, run.json)])
    return false
  }
}
