import Catalog
import Records
import Setup
import StepKit
import Values

/// Interprets a flow: calls its steps in order, each again and again until it asks for nothing more,
/// and gives the output of each to the next.
///
/// It is the only interpreter. A live run, a plan and a replay differ in the performer. The
/// interpreter makes no calls: ``start(at:)`` and ``take(_:)`` return the next call, so that its driver
/// can make it on any thread and in any way.
struct FlowInterpreter<Performer: FlowPerformer> {
  let flow: ResolvedFlow
  var performer: Performer
  /// The step that is being called; nil before the first.
  private(set) var call: StepCall?
  private var rounds = 0

  /// The rounds after which a step that asks again is taken for an endless loop.
  private var maxRounds: Int { 200 }

  init(_ flow: ResolvedFlow, _ performer: Performer) {
    self.flow = flow
    self.performer = performer
  }

  /// Whether the step that is being called is the last.
  private func isLast(_ call: StepCall) -> Bool { call.index == flow.steps.count - 1 }

  /// The first call from a step on, or nil if there is none to be made now.
  mutating func start(at first: Int = 0) throws(Problem) -> StepInvocation? {
    for index in flow.steps.indices.dropFirst(first) {
      let step = flow.steps[index]
      let call = StepCall(
        step: step.part.step, index: index, connection: step.connection, scopes: flow.scopes,
        input: try performer.input(of: index), run: performer.run)
      if let condition = step.part.condition, !condition.holds(for: call.input.value) {
        guard try performer.skip(call, unless: condition) else { return nil }
        continue
      }
      guard try performer.begin(call) else { return nil }
      self.call = call
      rounds = 0
      return invocation(of: step, call)
    }
    return nil
  }

  /// Reads the output of the call that was made.
  ///
  /// - Throws: a `software` problem if it is no reply.
  mutating func read(_ output: StepOutput) throws(Problem) -> Reply<JSON> {
    let call = try current()
    performer.record(output, from: flow.steps[call.index])
    do throws(Failure) {
      return try Reply<JSON>(json: output.value)
    } catch {
      throw Problem(.software, "the function \(call.step) gave a bad reply: \(error.reason)")
    }
  }

  /// Whether nothing is left to be done after a reply but to write down that the flow ended.
  func ends(with reply: Reply<JSON>) -> Bool {
    switch reply {
    case .ask: false
    case .done(_, let effects, _): effects.isEmpty && call.map(isLast) ?? false
    case .stop, .notSynced, .fail, .retry: true
    }
  }

  /// Takes a reply; the next call, or nil if there is none to be made now.
  mutating func take(_ reply: Reply<JSON>) throws(Problem) -> StepInvocation? {
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
        throw Problem(.software, "the function \(call.step) asks on and on")
      }
      return invocation(of: flow.steps[call.index], call)
    }
  }

  /// Interprets the flow from its first step until no call is to be made.
  mutating func run(
    _ make: (StepInvocation) throws(Problem) -> StepOutput
  ) throws(Problem) {
    var next = try start()
    while let invocation = next { next = try take(try read(try make(invocation))) }
  }

  // MARK: Private

  private func current() throws(Problem) -> StepCall {
    guard let call else { throw Problem(.software, "a reply came before a call") }
    return call
  }

  private func invocation(of step: ResolvedFlow.Step, _ call: StepCall) -> StepInvocation {
    let told = performer.settings(of: step)
    var text = ObjectText(room: 4096)
    text.add("answers", JSON.object(performer.answers.mapValues(\.json)))
    text.add("at", performer.at)
    text.add("input", call.input)
    text.add("payload", told.payload)
    text.add("run", performer.run)
    text.add("settings", told.settings)
    return StepInvocation(step: call.step, place: step.place, line: text.end())
  }
}
