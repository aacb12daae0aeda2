import Catalog
import FoundationEssentials
public import HTTPClient
import Records
public import Setup
import StepKit
import Store
import Values

/// Carries runs: calls the steps, performs what they ask for, writes down what came of it.
///
/// It belongs to one thread. All that it knows of a run is in the store, so that any carrier can go on
/// where another was killed.
public final class RunExecutor {
  let registry: Registry
  let backoff: Backoff
  let clock: WallClock
  /// What is still to be written down of the run that is being carried.
  var rest: [Change] = []
  let functions: StepRouter
  var itineraries: ResolvedFlows
  private let performer: Performer
  private let links: Links
  private let instruments: any Instruments
  /// What the step that is next said already.
  private var said: StepOutput?
  private let isStopping: @Sendable () -> Bool
  private let observe: @Sendable (FaultPoint) -> Void

  /// How often a step may ask in one go: more is a step that turns in circles.
  static let mostRounds = 200
  /// How often a function that gives no reply is called again.
  private static let mostBreakdowns = 5

  /// A carrier that leaves off before the next call of a function when `isStopping` says so.
  public init(
    registry: Registry, functions: any StepCaller, client: any HTTPTransport = CurlClient(),
    backoff: Backoff,
    clock: WallClock, instruments: any Instruments = NoInstruments(),
    isStopping: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (FaultPoint) -> Void = { _ in }
  ) {
    self.registry = registry
    self.functions = StepRouter(functions, registry: registry)
    itineraries = ResolvedFlows(registry: registry, functions: self.functions)
    self.backoff = backoff
    self.clock = clock
    self.isStopping = isStopping
    self.observe = observe
    self.instruments = instruments
    performer = Performer(
      home: registry.home, client: client, clock: clock, instruments: instruments, observe: observe)
    links = Links(home: registry.home)
  }

  /// Whether a run goes on at once.
  enum Verdict {
    case goesOn
    case rests
  }

  /// Carries a run until it ends or must wait; gives it as it is then.
  func carry(_ run: Run) throws(Problem) -> Run {
    let (run, rest) = try carryOn(run)
    if !rest.isEmpty { _ = try registry.home.commit(rest) }
    return run
  }

  /// Carries a run until it ends or must wait; gives it as it is then, and the changes that say so:
  /// only when they are written down is it so.
  ///
  /// The first call of its step need not be made where it was: see ``opening(of:)``.
  func carryOn(_ run: Run, _ opened: Opened? = nil) throws(Problem) -> (
    run: Run, rest: [Change]
  ) {
    rest = []
    said = try opened.flatMap { (opened) throws(Problem) in
      try opened.version == registry.home.version() ? opened.said : nil
    }
    var run = try carryToRest(run)
    run.body = nil
    return (run, rest)
  }

  private func carryToRest(_ run: Run) throws(Problem) -> Run {
    var run = run
    guard run.status == .pending else { return run }
    if run.log.isEmpty { run.note("Run Started", "Success", at: clock.now()) }
    do throws(Problem) {
      let way = try itineraries.itinerary(of: run.flowConnection)
      guard way.flow.isEnabled else { return try waitDisabled(&run) }
      while run.step < way.stops.count {
        guard try carryStep(of: &run, way) == .goesOn else { return run }
      }
      if run.status == .pending { _ = end(&run, .success, nil, with: []) }
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      _ = end(&run, .failed, error.description, with: [])
    }
    return run
  }

  private func carryStep(of run: inout Run, _ way: ResolvedFlow) throws(Problem) -> Verdict {
    let stop = way.stops[run.step]
    let call = StepCall(
      step: stop.part.step, index: run.step, connection: stop.connection, scopes: way.scopes,
      input: try run.input(of: run.step, in: registry.home), run: run.id)
    if let condition = stop.part.condition, !condition.holds(for: call.input.value) {
      return try passOver(&run, call, condition, isLast: run.step == way.stops.count - 1)
    }
    let last = run.log.last { $0.name != "\(run.stepName) Waits" }
    if last?.name != "\(run.stepName) Start" {
      run.note("\(run.stepName) Start", "Pending", at: clock.now(), "\(call.step)")
    }
    var ledger = try ledger(of: run)
    do throws(Problem) {
      return try carryStep(of: &run, way, call, &ledger)
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      return end(&run, .failed, error.description, with: ledger.pending)
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
    if run.step == 0 { return end(&run, .stopped, reason, with: []) }
    try advance(&run, call.input.value, with: [], [], isLast: isLast)
    return .goesOn
  }

  private func carryStep(
    of run: inout Run, _ way: ResolvedFlow, _ call: StepCall, _ ledger: inout Ledger
  ) throws(Problem) -> Verdict {
    for _ in 0..<Self.mostRounds {
      if isStopping() { return .rests }
      guard let reply = try reply(to: call, &run, way.stops[run.step], &ledger) else {
        return .rests
      }
      guard case .ask(let effects) = reply else {
        return try take(reply, &run, call, ledger, isLast: run.step == way.stops.count - 1)
      }
      let settled = ledger.settled
      let delay = try perform(effects, call, &ledger)
      // Patience is for what does not get on, not for what has many obstacles on its way.
      if ledger.settled > settled { run.forgetTrouble() }
      if let delay { return wait(&run, delay, ledger) }
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
      return end(&run, .stopped, reason, with: ledger.pending)
    case .notSynced(let reason):
      run.note("\(run.stepName) End", "Not Synced", at: clock.now(), reason)
      return end(&run, .notSynced, reason, with: ledger.pending)
    case .fail(let reason):
      run.note("\(run.stepName) End", "Failed", at: clock.now(), reason)
      return fail(&run, reason, ledger)
    case .retry(let reason, let after, _):
      return wait(&run, .again(reason, after: after), ledger)
    case .ask: throw Problem(.software, "an ask was taken for an answer")
    }
  }
}

// MARK: - Calls

extension RunExecutor {
  private func ask(
    _ call: StepCall, _ run: Run, _ stop: ResolvedFlow.Stop, _ ledger: Ledger
  ) throws(Problem) -> StepOutput {
    observe(.calling)
    let start = ContinuousClock.now
    defer { instruments.stepCalled(call.step, seconds: start.seconds) }
    let invocation = invocation(run, call.input, stop, ledger.answers)
    return try functions.call(call.step, at: stop.place, with: invocation)
  }

  /// What the step says; nil where it says nothing, and the run must wait.
  private func reply(
    to call: StepCall, _ run: inout Run, _ stop: ResolvedFlow.Stop, _ ledger: inout Ledger
  ) throws(Problem) -> Reply<JSON>? {
    let reply: StepOutput
    do throws(Problem) {
      if let said {
        reply = said
      } else {
        reply = try ask(call, run, stop, ledger)
      }
      said = nil
    } catch {
      // A crash or a machine that is too busy may pass; one that does not is a person's business.
      guard error.kind == .unavailable, run.attempts < Self.mostBreakdowns else { throw error }
      _ = wait(&run, .trouble(error.description), ledger)
      return nil
    }
    ledger.hear(reply.line, payload: stop.part.payload, settings: call.connection.known)
    do throws(Failure) {
      return try Reply<JSON>(json: reply.value)
    } catch {
      throw Problem(.software, "the function \(call.step) gave a bad reply: \(error.reason)")
    }
  }
}

// MARK: - Openings

extension RunExecutor {
  /// What a step said to the first call of a run that was made ahead, and of which version of what is
  /// settled.
  struct Opened {
    let said: StepOutput
    let version: Int
  }

  /// The first call of a run as intake made it; nil where it is no call on this machine.
  func opening(of run: Run) -> (step: StepID, invocation: [UInt8], version: Int)? {
    // What is wrong is found again where the run is carried.
    guard let body = run.body, let way = try? itineraries.itinerary(of: run.flowConnection),
      way.flow.isEnabled, let stop = way.stops.first, stop.place == nil,
      stop.part.condition == nil
    else { return nil }
    observe(.calling)
    return (stop.part.step, invocation(run, .text(body), stop, [:]), itineraries.version)
  }

  /// Whether nothing is left to be done for a run, once it is told what its first step said, but to
  /// write that down.
  func isEnd(_ said: StepOutput, of run: Run) -> Bool {
    switch try? Reply<JSON>(json: said.value) {
    case .ask, nil: false
    case .done(_, let effects, _):
      effects.isEmpty
        && (try? itineraries.itinerary(of: run.flowConnection))?.stops.count == 1
    case .stop, .notSynced, .fail, .retry: true
    }
  }

  private func invocation(
    _ run: Run, _ input: StepInput, _ stop: ResolvedFlow.Stop, _ answers: [String: Answer]
  ) -> [UInt8] {
    var invocation = ObjectText(room: 4096)
    invocation.add("answers", JSON.object(answers.mapValues(\.json)))
    invocation.add("at", run.at)
    invocation.add("input", input)
    invocation.add("payload", stop.part.payload)
    invocation.add("run", run.id)
    invocation.add("settings", stop.connection.known)
    return invocation.end()
  }
}

// MARK: - Effects

extension RunExecutor {
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
    try advance(&run, output, with: rows, ledger.pending, isLast: isLast, target: call.target)
  }

  /// Goes on to the next step, or to the end, together with other changes.
  private func advance(
    _ run: inout Run, _ output: JSON, with rows: [Links.Row], _ changes: [Change], isLast: Bool,
    target: String? = nil
  ) throws(Problem) {
    var next = run
    next.step += 1
    next.outputs.append(output)
    next.forgetTrouble()
    let changes =
      changes + (isLast ? ending(&next, .success, nil) : [.put(next.key, next.text)])
    if isLast, rows.isEmpty {
      rest = changes
    } else {
      try links.commit(rows, with: changes, target: target)
    }
    run = next
  }
}
