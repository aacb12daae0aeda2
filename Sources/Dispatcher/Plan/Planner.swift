import Catalog
import HTTPServer
import Records
public import Setup
import StepKit
public import Values

/// Makes plans: calls the steps for real, and answers them without changing anything.
///
/// Looks into the ID mapping are made, with the links that the plan itself would make. Reads are made
/// if that is allowed; what would change something is answered by assumption.
public struct Planner: Sendable {
  private let registry: Registry
  private let functions: StepRouter
  private let clock: WallClock
  private let mayRead: Bool

  /// A planner over a home; `mayRead` says whether the apps may be asked.
  public init(
    registry: Registry, functions: any StepCaller, mayRead: Bool, clock: WallClock = .system
  ) {
    self.registry = registry
    self.functions = StepRouter(functions, registry: registry)
    self.mayRead = mayRead
    self.clock = clock
  }

  /// The plan of a flow connection for an event.
  public func plan(_ event: JSON, for name: String) throws(Problem) -> Plan {
    let flow = try registry.flows.connection(name)
    var draft = PlanDraft(
      event: event, flowConnection: name, scopes: try scopes(of: flow),
      caller: mayRead ? caller : nil,
      links: Links(home: registry.home))
    let id = event["id"].nonBlank ?? Fingerprint(of: event.bytes).text
    var plan = Plan(flowConnection: name, event: id)
    var input = event
    for part in flow.parts {
      let connection = try registry.connections.get(part.connection)
      var planned = Plan.Part(
        step: part.step, connection: connection.name, isTrigger: plan.parts.isEmpty)
      let output =
        planned.passOver(part.condition, input)
        ? (planned.isTrigger ? nil : input)
        : try carry(&planned, part, connection, input, &draft)
      plan.parts.append(planned)
      guard let output else { break }
      input = output
    }
    return plan
  }

  private var caller: APIClient { APIClient(home: registry.home, clock: clock) }

  private func scopes(of flow: FlowConnection) throws(Problem) -> [String: String] {
    var scopes: [String: String] = [:]
    for part in flow.parts {
      scopes[part.step.app] = try registry.connections.get(part.connection).scope
    }
    return scopes
  }

  /// Calls a step until it asks for nothing more; its output, or nil where the flow ends with it.
  private func carry(
    _ planned: inout Plan.Part, _ part: FlowConnection.Part, _ connection: Connection,
    _ input: JSON, _ draft: inout PlanDraft
  ) throws(Problem) -> JSON? {
    let call = StepCall(
      step: part.step, index: 0, connection: connection, scopes: draft.scopes, input: .value(input),
      run: "plan")
    var answers: [String: Answer] = [:]
    for _ in 0..<RunExecutor.mostRounds {
      let invocation = Invocation<JSON>(
        run: "plan", at: clock.now(), input: input, payload: part.payload,
        settings: connection.known, answers: answers)
      let reply = try reply(of: part.step, in: draft.flowConnection, to: invocation)
      let asked = planned.effects.count
      for effect in reply.effects where effect.name.map({ answers[$0] == nil }) ?? true {
        planned.effects.append(try draft.take(effect, of: call))
      }
      draft.settle()
      for effect in planned.effects.dropFirst(asked) {
        if let name = effect.effect.name { answers[name] = effect.answer?.answer }
      }
      guard case .ask = reply else { return planned.end(with: reply) }
      if let open = planned.effects.first(where: { $0.effect.name != nil && $0.answer == nil }) {
        planned.words =
          "the rest depends on what \(connection.app.name) answers to"
          + " \(open.effect.request ?? "")" + (mayRead ? "" : "; --read asks")
        return nil
      }
      guard planned.effects.count > asked else { break }
    }
    throw Problem(.software, "the function \(part.step) asks on and on")
  }

  private func reply(
    of step: StepID, in flowConnection: String, to invocation: Invocation<JSON>
  ) throws(Problem) -> Reply<JSON> {
    let reply = try functions.call(step, in: flowConnection, with: invocation.json)
    do throws(Failure) {
      return try Reply<JSON>(json: reply)
    } catch {
      throw Problem(.software, "the function \(step) gave a bad reply: \(error.reason)")
    }
  }
}

extension Plan.Part {
  /// Whether the step would not be called, and then says why.
  fileprivate mutating func passOver(_ condition: StepCondition?, _ input: JSON) -> Bool {
    guard let condition, !condition.holds(for: input) else { return false }
    (outcome, words) = ("skip", "it is called only if \(condition.text)")
    return true
  }

  /// Takes the step's last word; its output if the flow goes on.
  fileprivate mutating func end(with reply: Reply<JSON>) -> JSON? {
    switch reply {
    case .done(let output, _, let note):
      (outcome, words) = ("done", note)
      return output
    case .stop(let reason): (outcome, words) = ("stop", reason)
    case .notSynced(let reason): (outcome, words) = ("not synced", reason)
    case .fail(let reason): (outcome, words) = ("fail", reason)
    case .retry(let reason, _, _): (outcome, words) = ("retry", reason)
    case .ask: break
    }
    return nil
  }
}

extension Reply {
  /// The effects that the reply asks for.
  fileprivate var effects: [Effect] {
    switch self {
    case .ask(let effects), .done(_, let effects, _): effects
    case .stop, .notSynced, .fail, .retry: []
    }
  }
}

extension Effect {
  /// The method and the path of a request.
  fileprivate var request: String? {
    if case .http(let http) = self { "\(http.method.rawValue) \(http.path)" } else { nil }
  }
}
