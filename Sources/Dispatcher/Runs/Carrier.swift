import FoundationEssentials
import Step
import Store

/// Carries runs: calls the steps, performs what they ask for, writes down what came of it.
///
/// It belongs to one thread. All that it knows of a run is in the store, so that any carrier can go on
/// where another was killed.
final class Carrier {
  let registry: Registry
  let backoff: Backoff
  let clock: Clock
  private let functions: Functions
  private let performer: Performer
  private let links: Links
  private let metrics: Metrics
  private let isStopping: @Sendable () -> Bool
  private let observe: @Sendable (Moment) -> Void

  /// How often a step may ask in one go: more is a step that turns in circles.
  static let mostRounds = 200
  /// How often a function that gives no reply is called again.
  private static let mostBreakdowns = 5

  /// A carrier that leaves off before the next call of a function when `isStopping` says so.
  init(
    registry: Registry, functions: Functions, backoff: Backoff, clock: Clock,
    metrics: Metrics = Metrics(), isStopping: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (Moment) -> Void = { _ in }
  ) {
    self.registry = registry
    self.functions = functions.placed(by: registry.home)
    self.backoff = backoff
    self.clock = clock
    self.isStopping = isStopping
    self.observe = observe
    self.metrics = metrics
    performer = Performer(home: registry.home, clock: clock, metrics: metrics, observe: observe)
    links = Links(home: registry.home)
  }

  /// Whether a run goes on at once.
  enum Verdict {
    case goesOn
    case rests
  }

  /// Carries a run until it ends or must wait; gives it as it is then.
  func carry(_ run: Run) throws(Problem) -> Run {
    var run = run
    guard run.status == .pending else { return run }
    if run.log.isEmpty { run.note("Run Started", "Success", at: clock.now()) }
    do throws(Problem) {
      let flow = try registry.flowConnection(run.flowConnection)
      guard flow.isEnabled else { return try waitDisabled(&run) }
      let parts = flow.parts
      while run.step < parts.count {
        guard try carryStep(of: &run, parts) == .goesOn else { return run }
      }
      if run.status == .pending { _ = try end(&run, .success, nil, with: []) }
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      _ = try end(&run, .failed, error.description, with: [])
    }
    return run
  }

  private func carryStep(
    of run: inout Run, _ parts: [FlowConnection.Part]
  ) throws(Problem) -> Verdict {
    let call = try call(run, parts)
    if let condition = parts[run.step].condition, !condition.holds(for: call.input) {
      return try passOver(&run, call, condition, isLast: run.step == parts.count - 1)
    }
    if ![run.stepName + " Start", run.stepName + " Waits"].contains(run.log.last?.name) {
      run.note("\(run.stepName) Start", "Pending", at: clock.now(), "\(call.step)")
    }
    var ledger = try Ledger(home: registry.home, run: run.id, step: run.step)
    do throws(Problem) {
      return try carryStep(of: &run, parts, call, &ledger)
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      return try end(&run, .failed, error.description, with: ledger.pending)
    }
  }

  /// A step whose condition does not hold is not called: a trigger starts nothing then, and an action
  /// leaves what it was given to the next.
  private func passOver(
    _ run: inout Run, _ call: StepCall, _ condition: StepCondition, isLast: Bool
  ) throws(Problem) -> Verdict {
    let reason = "it is called only if \(condition.text)"
    run.note("\(run.stepName) Start", "Pending", at: clock.now(), "\(call.step)")
    run.note("\(run.stepName) End", "Stopped", at: clock.now(), reason)
    if run.step == 0 { return try end(&run, .stopped, reason, with: []) }
    try advance(&run, call.input, with: [], [], isLast: isLast)
    return .goesOn
  }

  private func carryStep(
    of run: inout Run, _ parts: [FlowConnection.Part], _ call: StepCall, _ ledger: inout Ledger
  ) throws(Problem) -> Verdict {
    for _ in 0..<Self.mostRounds {
      if isStopping() { return .rests }
      guard let reply = try reply(to: call, &run, parts[run.step], &ledger) else { return .rests }
      guard case .ask(let effects) = reply else {
        return try take(reply, &run, call, ledger, isLast: run.step == parts.count - 1)
      }
      let settled = ledger.settled
      let delay = try perform(effects, call, &ledger)
      // Patience is for what does not get on, not for what has many obstacles on its way.
      if ledger.settled > settled { run.forgetTrouble() }
      if let delay { return try wait(&run, delay, ledger) }
    }
    throw Problem(.software, "the function \(call.step) asks on and on")
  }

  /// What a reply that asks for nothing means for the run.
  private func take(
    _ reply: Reply<JSON>, _ run: inout Run, _ call: StepCall, _ ledger: Ledger, isLast: Bool
  ) throws(Problem) -> Verdict {
    switch reply {
    case .done(let output, let effects, let note):
      run.note("\(run.stepName) End", "Success", at: clock.now(), note)
      try finish(&run, output, effects, call, ledger, isLast: isLast)
      return .goesOn
    case .stop(let reason):
      run.note("\(run.stepName) End", "Stopped", at: clock.now(), reason)
      return try end(&run, .stopped, reason, with: ledger.pending)
    case .fail(let reason):
      run.note("\(run.stepName) End", "Failed", at: clock.now(), reason)
      return try fail(&run, reason, ledger)
    case .retry(let reason, let after):
      return try wait(&run, .again(reason, after: after), ledger)
    case .ask: throw Problem(.software, "an ask was taken for an answer")
    }
  }
}

// MARK: - Calls

extension Carrier {
  private func call(_ run: Run, _ parts: [FlowConnection.Part]) throws(Problem) -> StepCall {
    var scopes: [String: String] = [:]
    for part in parts { scopes[part.step.app] = try registry.connection(part.connection).scope }
    let part = parts[run.step]
    return StepCall(
      step: part.step, index: run.step, connection: try registry.connection(part.connection),
      scopes: scopes,
      input: try run.input(of: run.step, in: registry.home), run: run.id)
  }

  /// What the step says; nil where it says nothing, and the run must wait.
  private func reply(
    to call: StepCall, _ run: inout Run, _ part: FlowConnection.Part, _ ledger: inout Ledger
  ) throws(Problem) -> Reply<JSON>? {
    let invocation = Invocation<JSON>(
      run: run.id, at: run.at, input: call.input, payload: part.payload,
      settings: call.connection.known, answers: ledger.answers)
    let reply: JSON
    observe(.calling)
    let start = ContinuousClock.now
    do throws(Problem) {
      defer { metrics.time(.call(step: part.step.description), seconds: start.seconds) }
      reply = try functions.call(part.step, with: invocation.json)
    } catch {
      // A crash or a machine that is too busy may pass; one that does not is a person's business.
      guard error.kind == .unavailable, run.attempts < Self.mostBreakdowns else { throw error }
      _ = try wait(&run, .trouble(error.description), ledger)
      return nil
    }
    ledger.hear(reply, to: invocation)
    do throws(Failure) {
      return try Reply<JSON>(json: reply)
    } catch {
      throw Problem(.software, "the function \(part.step) gave a bad reply: \(error.reason)")
    }
  }
}

// MARK: - Effects

extension Carrier {
  /// Performs what is not answered yet; why the run must wait if one cannot be performed now.
  private func perform(
    _ effects: [Effect], _ call: StepCall, _ ledger: inout Ledger
  ) throws(Problem) -> Delay? {
    let round = ledger.round + 1
    var progress = false
    for (index, effect) in effects.enumerated() {
      let name = effect.name ?? "link-\(round)-\(index)"
      guard ledger.entries[name]?.answer == nil else { continue }
      let delay = try performer.perform(effect, as: name, of: call, in: &ledger, round: round)
      if let delay { return delay }
      progress = true
    }
    guard progress else {
      throw Problem(.software, "the function \(call.step) asks again for what it was answered")
    }
    return nil
  }

  /// The end of a step: its last effects and the run's progress, or its end, are written down as one.
  private func finish(
    _ run: inout Run, _ output: JSON, _ effects: [Effect], _ call: StepCall,
    _ ledger: Ledger, isLast: Bool
  ) throws(Problem) {
    var rows: [Links.Row] = []
    for effect in effects {
      guard case .link(let link) = effect else {
        throw Problem(.software, "the function \(call.step) is done, but asks for an answer")
      }
      let row = call.row(link)
      if row.ids.count >= 2 { rows.append(row) }
    }
    try advance(&run, output, with: rows, ledger.pending, isLast: isLast)
  }

  /// Goes on to the next step, or to the end, together with other changes.
  private func advance(
    _ run: inout Run, _ output: JSON, with rows: [Links.Row], _ changes: [Change], isLast: Bool
  ) throws(Problem) {
    var next = run
    next.step += 1
    next.outputs.append(output)
    next.forgetTrouble()
    let progress = isLast ? ending(&next, .success, nil) : [.put(next.key, next.json)]
    try links.commit(rows, with: changes + progress)
    run = next
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
