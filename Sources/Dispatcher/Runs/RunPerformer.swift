import Catalog
import Records
import Setup
import StepKit
import Store
import Values

/// Performs a live run: effects are sent through the ledger, and each step that is done is written
/// down with what it linked.
struct RunPerformer: FlowPerformer {
  private(set) var state: Run
  /// The changes that are still to be committed; only then is the run what ``state`` says.
  private(set) var changes: [Change] = []
  private var ledger: Ledger
  /// The same step of an earlier run of the same event that came to nothing, if there is one.
  private var earlier: EarlierStep?
  private let flow: ResolvedFlow
  private let context: RunContext

  init(_ run: Run, _ flow: ResolvedFlow, _ context: RunContext) throws(Problem) {
    state = run
    self.flow = flow
    self.context = context
    ledger = try Ledger(
      home: context.home, run: run.id, step: run.step, isNew: run.body != nil)
  }

  var run: String { state.id }
  var at: Timestamp { state.at }
  var answers: [String: Answer] { ledger.answers }

  func input(of index: Int) throws(Problem) -> StepInput {
    try state.input(of: index, in: context.home)
  }

  mutating func begin(_ call: StepCall) throws(Problem) -> Bool {
    if call.index != ledger.step {
      ledger = try Ledger(
        home: context.home, run: run, step: call.index, isNew: state.body != nil)
    }
    earlier = try state.earlier.flatMap { (id) throws(Problem) in
      try EarlierStep(of: id, step: call.index, in: context.home)
    }
    state.startStep("\(call.step)", at: context.clock.now())
    return true
  }

  mutating func skip(
    _ call: StepCall, unless condition: StepCondition
  ) throws(Problem) -> Bool {
    let reason = "it is called only if \(condition.text)"
    state.startStep("\(call.step)", at: context.clock.now())
    note("End", "Stopped", reason)
    guard call.index > 0 else {
      end(.stopped, reason)
      return false
    }
    try advance(call, call.input.value, [], [])
    return true
  }

  mutating func record(_ output: StepOutput, from step: ResolvedFlow.Step) {
    ledger.hear(output.line, payload: step.part.payload, settings: step.connection.known)
  }

  mutating func perform(_ effects: [Effect], of call: StepCall) throws(Problem) -> FlowProgress {
    if effects.contains(where: \.isChange), earlier?.asked(for: effects) == true,
      repeatsEarlierEnd(at: call)
    {
      return .rest
    }
    let settled = ledger.settled
    let delay = try performEach(effects, of: call)
    // Patience is for a step that does not get on, not for one with many obstacles on its way.
    if ledger.settled > settled { state.forgetTrouble() }
    guard let delay else { return .again }
    wait(delay)
    return .rest
  }

  mutating func complete(
    _ reply: Reply<JSON>, of call: StepCall
  ) throws(Problem) -> FlowProgress {
    switch reply {
    case .ask: throw Problem(.software, "an ask was taken for an answer")
    case .done(let output, let effects, let note):
      self.note("End", "Success", note)
      try advance(call, output, effects, ledger.pending)
      return .next
    case .retry(let reason, let after, let aside):
      if aside { state.leaveLane() }
      wait(.again(reason, after: after))
    case .stop, .notSynced, .fail:
      if !repeatsEarlierEnd(at: call) { end(with: reply) }
    }
    return .rest
  }

  private mutating func end(with reply: Reply<JSON>) {
    switch reply {
    case .stop(let reason): stop(.stopped, reason)
    case .notSynced(let reason): stop(.notSynced, reason)
    case .fail(let reason):
      note("End", "Failed", reason)
      fail(reason)
    case .ask, .done, .retry: break
    }
  }
}

// MARK: - Effects

extension RunPerformer {
  /// Performs the effects without an answer, in order; why the run must wait if one cannot be performed
  /// now.
  private mutating func performEach(
    _ effects: [Effect], of call: StepCall
  ) throws(Problem) -> Delay? {
    let round = ledger.round + 1
    var progress = false
    for (index, effect) in effects.enumerated() {
      let name = effect.name ?? "link-\(round)-\(index)"
      guard ledger.entries[name]?.answer == nil else { continue }
      let delay = try context.effects.perform(
        effect, as: name, of: call, in: &ledger, round: round)
      if let delay { return delay }
      progress = true
    }
    guard progress else {
      throw Problem(.software, "the function \(call.step) asks again for what it was answered")
    }
    return nil
  }

  /// Goes on to the next step, or ends the run, together with the step's links and other changes.
  private mutating func advance(
    _ call: StepCall, _ output: JSON, _ effects: [Effect], _ pending: [Change]
  ) throws(Problem) {
    let rows = try call.rows(of: effects)
    let isLast = call.index == flow.steps.count - 1
    var next = self
    next.state.advance(output)
    let progress =
      isLast ? next.state.end(.success, nil, at: context.clock.now()) : [next.state.update]
    if isLast, rows.isEmpty {
      next.changes = pending + progress
    } else {
      try context.home.transact { (transaction) throws(Problem) in
        transaction.changes = pending + progress
        try context.links.add(rows, target: call.target, to: &transaction)
      }
    }
    self = next
  }
}

// MARK: - Endings

extension RunPerformer {
  /// Ends the run if an earlier run knew at this step what this one knows, and came to nothing.
  private mutating func repeatsEarlierEnd(at call: StepCall) -> Bool {
    guard let earlier, earlier.knew(ledger, told: flow.steps[call.index]) else { return false }
    state.repeats = earlier.run.id
    let reason = earlier.run.reason.map { ": \($0)" } ?? ""
    stop(
      .stopped, "nothing has changed since run \(earlier.run.id), which came to nothing\(reason)")
    return true
  }

  /// Ends the run because its step has nothing to do, or leaves something to a person.
  private mutating func stop(_ status: Run.Status, _ reason: String) {
    note("End", status.title, reason)
    end(status, reason, ledger.pending)
  }

  /// Ends the run because it cannot go on; parked if only a person can settle a change in doubt.
  mutating func fail(_ reason: String) {
    let parked = ledger.parking
    end(parked.isEmpty ? .failed : .parked, reason, ledger.pending + parked)
  }

  /// Ends the run because something in its way is broken.
  mutating func end(_ problem: Problem) { end(.failed, problem.description, ledger.pending) }

  private mutating func end(_ status: Run.Status, _ reason: String?, _ more: [Change] = []) {
    changes = more + state.end(status, reason, at: context.clock.now())
  }

  /// Lets the run wait, or ends it when it has been tried for too long.
  mutating func wait(_ delay: Delay) {
    let now = context.clock.now()
    var more = ledger.pending
    if flow.hasNoAccounts(from: state.step) { state.leaveLane() }
    switch delay {
    case .throttled(let until): state.wait(for: .limit, until: until, at: now)
    case .paused(let reason):
      state.wait(
        for: .person, until: now.adding(seconds: Self.pauseRecheck), reason, at: now)
      state.leaveLane()
    case .trouble(let reason, let after):
      guard postpone(reason, after) else { return }
      // What was read before a wait may no longer be so: a change rests on what is read after it.
      let since = state.failingSince ?? now
      if ledger.hasWaitingChange || now > since.adding(seconds: Self.maxReadAge) {
        more += ledger.forgetting()
      }
    case .again(let reason, let after):
      guard postpone(reason, after) else { return }
      more += ledger.forgetting()
    }
    changes = more + [state.update]
  }

  /// Sets when the run is tried next; false if it was tried for too long and has ended.
  private mutating func postpone(_ reason: String, _ after: Int?) -> Bool {
    let now = context.clock.now()
    let since = state.failingSince ?? now
    state.attempts += 1
    state.failingSince = since
    let next = context.backoff.next(
      attempts: state.attempts, after: after, now: now, since: since)
    guard let next else {
      fail("\(reason); tried \(state.attempts) times since \(since.text)")
      return false
    }
    state.wait(for: .retry, until: next, reason, at: now)
    return true
  }

  private mutating func note(_ event: String, _ status: String, _ text: String?) {
    state.note("\(state.stepName) \(event)", status, at: context.clock.now(), text)
  }

  /// Seconds for which the answer to a read may be used after trouble.
  private static let maxReadAge = 600
  /// Seconds after which a run of a paused connection or a disabled flow connection looks again.
  private static let pauseRecheck = 15
}
