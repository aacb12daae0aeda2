import Catalog
import HTTPClient
import Records
import Requests
import Setup
import StepKit
import Values

/// Performs a plan: sends reads if that is allowed, and answers other requests by assumption.
///
/// Queries of the ID mapping include the rows that the plan would add.
struct PlanPerformer: FlowPerformer {
  private(set) var plan: Plan
  private(set) var answers: [String: Answer] = [:]
  let at: Timestamp
  private let event: JSON
  private let links: Links
  /// Sends reads; nil if none may be sent.
  private let api: APIClient?
  private var input: JSON
  private var rows: [Links.Row] = []
  /// Whether the current step has an assumed answer.
  private var isAssuming = false
  private var hasAssumed = false

  init(_ plan: Plan, event: JSON, links: Links, api: APIClient?, at: Timestamp) {
    self.plan = plan
    self.event = event
    self.links = links
    self.api = api
    self.at = at
    input = event
  }

  var run: String { "plan" }

  func input(of index: Int) throws(Problem) -> StepInput { .value(input) }

  mutating func prepare(_ call: StepCall) throws(Problem) -> Bool {
    plan.parts.append(part(of: call))
    answers = [:]
    return true
  }

  mutating func skip(
    _ call: StepCall, unless condition: StepCondition
  ) throws(Problem) -> Bool {
    var skipped = part(of: call)
    (skipped.outcome, skipped.reason) = ("skip", "the condition is not met: \(condition.text)")
    plan.parts.append(skipped)
    return call.index > 0
  }

  mutating func record(_ output: StepOutput, from step: ResolvedFlow.Step) {}

  mutating func perform(_ effects: [Effect], of call: StepCall) throws(Problem) -> FlowProgress {
    let planned = try plan(effects, of: call)
    guard !planned.isEmpty else {
      throw Problem(
        .software, "the function \(call.step) requests only effects that were already answered")
    }
    let parts = plan.parts.indices.last ?? 0
    guard let open = plan.parts[parts].effects.first(where: \.isOpen) else { return .again }
    plan.parts[parts].reason =
      "the rest depends on the answer of \(call.connection.app.name) to"
      + " \(open.effect.request ?? "")" + (api == nil ? "; pass --read to send it" : "")
    return .rest
  }

  mutating func complete(
    _ reply: Reply<JSON>, of call: StepCall
  ) throws(Problem) -> FlowProgress {
    if case .done(let output, let effects, _, _) = reply {
      _ = try plan(effects, of: call)
      input = output
    }
    if let last = plan.parts.indices.last { plan.parts[last].end(with: reply) }
    if case .done = reply { return .next }
    return .rest
  }

  private func part(of call: StepCall) -> Plan.Part {
    Plan.Part(step: call.step, connection: call.connection.name, isTrigger: call.index == 0)
  }
}

// MARK: - Effects

extension PlanPerformer {
  /// Plans the effects that have no answer yet, adds them to the part of the step and returns them.
  private mutating func plan(
    _ effects: [Effect], of call: StepCall
  ) throws(Problem) -> [PlannedEffect] {
    var planned: [PlannedEffect] = []
    for effect in effects where effect.name.map({ answers[$0] == nil }) ?? true {
      planned.append(try plan(effect, of: call))
    }
    // The step has the assumed answers from its next call on.
    isAssuming = hasAssumed
    for effect in planned {
      if let name = effect.effect.name { answers[name] = effect.answer?.answer }
    }
    if let last = plan.parts.indices.last { plan.parts[last].effects += planned }
    return planned
  }

  private mutating func plan(
    _ effect: Effect, of call: StepCall
  ) throws(Problem) -> PlannedEffect {
    switch effect {
    case .http(let http): return try plan(http, of: call)
    case .mail(let mail):
      hasAssumed = true
      return planned(
        .create, effect, body: mail.text, answer: (.known(status: 200, value: [:]), true))
    case .find(let find):
      return planned(.find, effect, answer: (try answer(find, call), false))
    case .link(let link):
      rows.append(call.row(link))
      return planned(.link, effect)
    }
  }

  private func planned(
    _ change: PlannedEffect.ChangeKind, _ effect: Effect, path: String? = nil, body: String? = nil,
    answer: (Answer, Bool)? = nil
  ) -> PlannedEffect {
    PlannedEffect(
      changeKind: change, effect: effect, path: path, body: body, isAssumed: isAssuming,
      answer: answer)
  }

  private mutating func plan(
    _ http: HTTPEffect, of call: StepCall
  ) throws(Problem) -> PlannedEffect {
    let app = call.connection.app
    let query = Form.encode(RequestEncoding.query(call.connection.query(http)))
    let path = http.path + (query.isEmpty ? "" : "?\(query)")
    let body = http.body.isNull ? nil : RequestEncoding.body(http.body, app.http)
    if http.isSafe, let api, !isAssuming {
      let answer = try read(http, call.connection, api)
      return planned(.read, .http(http), path: path, body: body, answer: (answer, false))
    }
    let assumed = app.assumed(http, event)
    hasAssumed = true
    return planned(
      app.change(http), .http(http), path: path, body: body, answer: assumed.map { ($0, true) })
  }

  private func read(
    _ http: HTTPEffect, _ connection: Connection, _ api: APIClient
  ) throws(Problem) -> Answer {
    switch try api.send(http, through: connection, key: nil) {
    case .answered(let answer, _): return answer
    case .notSent(let reason), .inDoubt(let reason):
      throw Problem(.unavailable, "\(connection.app.name) does not answer: \(reason)")
    }
  }

  private func answer(_ find: FindEffect, _ call: StepCall) throws(Problem) -> Answer {
    let ids = call.scoped(find.ids)
    var row = try links.row(find.kind, anyOf: ids)
    let own = rows.filter { row in
      row.kind == find.kind && ids.contains { row.ids[$0.key] == $0.value }
    }
    for added in own {
      row = Links.Row(
        kind: added.kind, ids: (row?.ids ?? [:]).merging(added.ids) { one, _ in one },
        versions: (row?.versions ?? [:]).merging(added.versions, uniquingKeysWith: max))
    }
    return call.answer(find, row)
  }
}

extension App {
  /// The assumed answer to a request; nil if there is none.
  fileprivate func assumed(_ http: HTTPEffect, _ event: JSON) -> Answer? {
    assumptions.lazy.compactMap { $0.answer(to: http, event: event) }.first
  }

  /// The kind of a request: a POST to a collection creates an object, any other change updates one.
  fileprivate func change(_ http: HTTPEffect) -> PlannedEffect.ChangeKind {
    if http.isSafe { return .read }
    let isCollection = http.method == .post && http.path.split(separator: "/").count == 1
    let creates = assumptions.contains { $0.creates && $0.isAbout(http) }
    return isCollection || creates ? .create : .update
  }
}

extension Effect {
  /// The method and the path of a request.
  fileprivate var request: String? {
    if case .http(let http) = self { "\(http.method.rawValue) \(http.path)" } else { nil }
  }
}
