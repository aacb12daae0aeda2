import Catalog
import Records
import Setup
import StepKit
import Values

/// Interprets a flow: calls its steps in order, each until it is done, and passes the output of each to
/// the next.
///
/// Live runs, plans and replays use it with different performers. It makes no calls itself:
/// ``start(at:)`` and ``resume(with:)`` return the next call, and the driver makes it on any thread.
struct FlowInterpreter<Performer: FlowPerformer> {
  let flow: ResolvedFlow
  var performer: Performer
  /// The current call; nil before the first.
  private(set) var call: StepCall?
  private var rounds = 0

  /// The limit of the rounds of one step, against endless loops.
  private var maxRounds: Int { 200 }

  init(_ flow: ResolvedFlow, _ performer: Performer) {
    self.flow = flow
    self.performer = performer
  }

  /// The first call from a step on; nil if no call is to be made now.
  mutating func start(at first: Int = 0) throws(Problem) -> StepInvocation? {
    for index in flow.steps.indices.dropFirst(first) {
      let step = flow.steps[index]
      let call = StepCall(
        step: step.part.step, index: index, payload: step.part.payload,
        connection: step.connection, scopes: flow.scopes, input: try performer.input(of: index),
        run: performer.run,
        flowConnection: flow.flow.name)
      if let condition = step.part.condition, !condition.holds(for: call.input.value) {
        guard try performer.skip(call, unless: condition) else { return nil }
        continue
      }
      guard try performer.prepare(call) else { return nil }
      self.call = call
      rounds = 0
      return invocation(of: step, call)
    }
    return nil
  }

  /// Reads the output of the current call.
  ///
  /// - Throws: a `software` problem if it is not a valid reply, or not one that the step may give.
  mutating func read(_ output: StepOutput) throws(Problem) -> Reply<JSON> {
    let call = try current()
    performer.record(output, from: flow.steps[call.index])
    do throws(Failure) {
      let reply = try Reply<JSON>(json: output.value)
      let isLast = call.index == flow.steps.count - 1
      let objection = call.connection.app.objection(to: reply, of: call.step, isLast: isLast)
      if let objection { throw .permanent(objection) }
      return reply
    } catch {
      throw Problem(.software, "the function \(call.step) gave an invalid reply: \(error.reason)")
    }
  }

  /// Whether a reply ends the flow, with no effects left to perform.
  func ends(with reply: Reply<JSON>) -> Bool {
    switch reply {
    case .ask: false
    case .done(_, let effects, _, _): effects.isEmpty && call?.index == flow.steps.count - 1
    case .stop, .notSynced, .fail, .retry: true
    }
  }

  /// Handles the reply to the current call, and returns the next call; nil if none is to be made now.
  ///
  /// - Throws: a `software` problem after too many rounds; what the performer throws.
  mutating func resume(with reply: Reply<JSON>) throws(Problem) -> StepInvocation? {
    let call = try current()
    let progress =
      if case .ask(let effects) = reply {
        try performer.perform(effects, of: call)
      } else {
        try performer.complete(reply, of: call)
      }
    switch progress {
    case .rest: return nil
    case .next: return try start(at: call.index + 1)
    case .again:
      rounds += 1
      guard rounds < maxRounds else {
        throw Problem(
          .software, "the function \(call.step) is not done after \(maxRounds) calls")
      }
      return invocation(of: flow.steps[call.index], call)
    }
  }

  /// Interprets the whole flow with calls at a router.
  mutating func run(_ router: StepRouter) throws(Problem) {
    var next = try start()
    while let call = next {
      let output = try router.call(call.step, at: call.endpoint, with: call.line)
      next = try resume(with: try read(output))
    }
  }

  // MARK: Private

  private func current() throws(Problem) -> StepCall {
    guard let call else { throw Problem(.software, "a reply without a call") }
    return call
  }

  private func invocation(of step: ResolvedFlow.Step, _ call: StepCall) -> StepInvocation {
    let settings = performer.settings(of: step)
    var text = ObjectText(room: 4096)
    text.add("answers", JSON.object(performer.answers.mapValues(\.json)))
    text.add("at", performer.at)
    text.add("input", call.input)
    text.add("payload", settings.payload)
    text.add("run", performer.run)
    text.add("settings", settings.settings)
    return StepInvocation(step: call.step, endpoint: step.endpoint, line: text.end())
  }
}
