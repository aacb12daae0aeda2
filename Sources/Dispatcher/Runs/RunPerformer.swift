import Catalog
import Lanes
import Policies
import Records
import Setup
import StepKit
import Store
import Values

/// Performs a live run: records effects in the ledger, and commits each completed step with its links.
struct RunPerformer: FlowPerformer {
  var state: Run
  /// The changes to commit; ``state`` is the state of the run after that.
  var changes: [Change] = []
  var ledger: Ledger
  /// The current step in an earlier run of the same event, if it stopped or failed there.
  private var earlier: EarlierStep?
  let flow: ResolvedFlow
  let context: RunContext
  /// What the run waits for in memory, after ``perform(_:of:)``.
  var wanted: WantedResource?
  /// Whether it waits in memory, and what it was admitted to.
  var connectionUse: ConnectionUse

  init(
    _ run: Run, _ flow: ResolvedFlow, _ context: RunContext, suspends: Bool
  ) throws(Problem) {
    state = run
    connectionUse = ConnectionUse(suspends: suspends)
    self.flow = flow
    self.context = context
    ledger = try Ledger(home: context.home, run: run.id, step: run.step, isNew: run.body != nil)
  }

  var run: String { state.id }
  var at: Timestamp { state.clock }
  var answers: [String: Answer] { ledger.answers }

  func input(of index: Int) throws(Problem) -> StepInput {
    try state.input(of: index, in: context.home)
  }

  mutating func prepare(_ call: StepCall) throws(Problem) -> Bool {
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
    let reason = "the condition is not met: \(condition.text)"
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
    if effects.contains(where: \.isChange), earlier?.requested(effects) == true,
      repeatsEarlierEnd(at: call)
    {
      return .rest
    }
    guard try !beginsAgain(at: call), try reserve(for: call) else { return .rest }
    let settled = ledger.settled
    let reason = try performEach(effects, of: call)
    // The time limit of the backoff applies to a step without progress.
    if ledger.settled > settled { state.forgetTrouble() }
    connectionUse.take()
    switch reason {
    case nil: return .again
    case .queued(let resource): wanted = resource
    case .denied(let reason): stop(.notSynced, reason)
    case let reason?: wait(reason)
    }
    return .rest
  }

  mutating func complete(
    _ reply: Reply<JSON>, of call: StepCall
  ) throws(Problem) -> FlowProgress {
    switch reply {
    case .ask: throw Problem(.software, "an ask cannot complete a step")
    case .done(let output, let effects, let note, let isWarning):
      self.note("End", isWarning ? Run.warningStatus : "Success", note)
      try advance(call, output, effects, ledger.pending)
      return .next
    case .retry(let reason, let after, let aside):
      if aside { state.leaveLane() }
      wait(.retry(reason, after: after))
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
  /// Performs the effects without an answer, in order, until one returns a reason to wait.
  private mutating func performEach(
    _ effects: [Effect], of call: StepCall
  ) throws(Problem) -> RunDelay? {
    let round = ledger.round + 1
    var progress = false
    for (index, effect) in effects.enumerated() {
      let name = effect.name ?? "link-\(round)-\(index)"
      guard ledger.entries[name]?.answer == nil else { continue }
      let reason = try context.effects.perform(
        effect, as: name, of: call, in: &ledger, round: round, &connectionUse)
      if let reason { return reason }
      progress = true
    }
    guard progress else {
      throw Problem(
        .software, "the function \(call.step) requests only effects that were already answered")
    }
    return nil
  }

  /// Completes a step with its links and other changes in one commit, and ends the run after the last.
  private mutating func advance(
    _ call: StepCall, _ output: JSON, _ effects: [Effect], _ pending: [Change]
  ) throws(Problem) {
    let rows = try call.rows(of: effects)
    let isLast = call.index == flow.steps.count - 1
    var next = self
    var released = next.state.release()
    // A run that begins again after a grant passes the steps before the one that is held
    let held = next.state.hasHold ? try context.effects.gate.heldStep(of: run) : nil
    if held.map({ $0 <= call.index }) ?? true { released += next.state.unhold() }
    next.state.advance(output)
    let progress =
      (isLast ? next.state.end(.success, nil, at: context.clock.now()) : [next.state.update])
      + released
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
  /// Stops the run if an earlier run had the same answers at this step and stopped or failed.
  private mutating func repeatsEarlierEnd(at call: StepCall) -> Bool {
    guard let earlier, earlier.had(answersIn: ledger, settingsOf: flow.steps[call.index]) else {
      return false
    }
    state.repeats = earlier.run.id
    let reason = earlier.run.reason.map { ": \($0)" } ?? ""
    stop(.stopped, "nothing has changed since run \(earlier.run.id)\(reason)")
    return true
  }

  /// Ends the run after a `stop` reply.
  private mutating func stop(_ status: Run.Status, _ reason: String) {
    note("End", status.title, reason)
    end(status, reason, ledger.pending)
  }

  /// Fails the run; parks it if a person must settle a change in doubt.
  mutating func fail(_ reason: String) {
    let parked = ledger.parking
    end(parked.isEmpty ? .failed : .parked, reason, ledger.pending + parked)
  }

  /// Fails the run because of a problem that is not temporary.
  mutating func end(_ problem: Problem) { end(.failed, problem.description, ledger.pending) }

  private mutating func end(_ status: Run.Status, _ reason: String?, _ more: [Change] = []) {
    changes = more + state.end(status, reason, at: context.clock.now())
  }

  /// Lets the run wait, or fails it after the time limit of the backoff.
  mutating func wait(_ reason: RunDelay) {
    let now = context.clock.now()
    var more = ledger.pending
    if flow.hasNoAccounts(from: state.step) { state.leaveLane() }
    switch reason {
    case .queued, .denied: return
    case .held(let hold, let isStored):
      if mayBeginAgain { more += state.release() }
      state.hold(until: hold.until ?? now.adding(seconds: Self.holdRecheck), hold.reason, at: now)
      more += ledger.forgetting() + (isStored ? [] : [hold.put])
    case .reserved(let thing, let run): wait(for: run, thing, at: now)
    case .throttled(let until): state.wait(for: .limit, until: until, at: now)
    case .paused(let reason):
      more += releasing()
      state.wait(
        for: .person, until: now.adding(seconds: Self.pauseRecheck), reason, at: now)
      state.leaveLane()
    case .failure(let reason, let after):
      guard postpone(reason, after) else { return }
      // What was read before a wait may no longer be so: a change rests on what is read after it.
      let since = state.failingSince ?? now
      if !state.reserved.isEmpty, !ledger.mayHaveChanged {
        more += releasing()
      } else if ledger.hasWaitingChange || now > since.adding(seconds: Self.maxReadAge) {
        more += ledger.forgetting()
      }
    case .retry(let reason, let after):
      guard postpone(reason, after) else { return }
      if !ledger.mayHaveChanged {
        more += state.release()
        state.renew(at: state.due)
      }
      more += ledger.forgetting()
    }
    changes = more + [state.update]
  }

  /// Sets the time of the next attempt; false if the time limit is reached and the run has failed.
  private mutating func postpone(_ reason: String, _ after: Int?) -> Bool {
    let now = context.clock.now()
    let since = state.failingSince ?? now
    state.attempts += 1
    state.failingSince = since
    let next = context.backoff.next(
      attempts: state.attempts, after: after, now: now, since: since,
      isFlaky: context.admissions.hasSucceeded(connection, since: since))
    guard let next else {
      fail("\(reason); tried \(state.attempts) times since \(since.text)")
      return false
    }
    state.wait(for: .retry, until: next, reason, at: now)
    return true
  }

  /// The connection of the current step.
  private var connection: Resource {
    .connection(
      flow.steps.indices.contains(state.step) ? flow.steps[state.step].connection.name : "")
  }

  private mutating func note(_ event: String, _ status: String, _ text: String?) {
    state.note("\(state.stepName) \(event)", status, at: context.clock.now(), text)
  }

  /// The age of a failure after which answers to reads are forgotten, in seconds.
  static let maxReadAge = 600
  /// The interval at which a run checks a paused connection or disabled flow connection, in seconds.
  private static let pauseRecheck = 15
  /// The interval at which a held change is asked for anew, with fresh reads, in seconds.
  private static let holdRecheck = 86_400
}
