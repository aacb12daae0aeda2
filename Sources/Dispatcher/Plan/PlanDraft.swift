import Catalog
import HTTPServer
import Setup
import StepKit
import Values

/// The world as a plan would leave it: what it linked and what it had to assume.
struct PlanDraft {
  let event: JSON
  let flowConnection: String
  let scopes: [String: String]
  /// What reads are made with, if they may be.
  let caller: APIClient?
  let links: Links
  private var rows: [Links.Row] = []
  private var isAssuming = false
  private var hasAssumed = false

  init(
    event: JSON, flowConnection: String, scopes: [String: String], caller: APIClient?, links: Links
  ) {
    self.event = event
    self.flowConnection = flowConnection
    self.scopes = scopes
    self.caller = caller
    self.links = links
  }

  /// From the next call on, the step knows what was assumed.
  mutating func settle() { isAssuming = hasAssumed }

  /// What would come of an effect.
  mutating func take(_ effect: Effect, of call: StepCall) throws(Problem) -> PlannedEffect {
    switch effect {
    case .http(let http): return try take(http, of: call)
    case .find(let find):
      let found = try answer(find, call)
      return planned(.find, effect, answer: (found, false))
    case .link(let link):
      rows.append(call.row(link))
      return planned(.link, effect)
    }
  }

  private func planned(
    _ deed: PlannedEffect.Deed, _ effect: Effect, path: String? = nil, body: String? = nil,
    answer: (Answer, Bool)? = nil
  ) -> PlannedEffect {
    PlannedEffect(
      deed: deed, effect: effect, path: path, body: body, isAssumed: isAssuming, answer: answer)
  }

  private mutating func take(_ http: HTTPEffect, of call: StepCall) throws(Problem) -> PlannedEffect
  {
    let app = call.connection.app
    let query = Form.encode(RequestEncoding.query(call.connection.query(http)))
    let path = http.path + (query.isEmpty ? "" : "?\(query)")
    let body = http.body.isNull ? nil : RequestEncoding.body(http.body, app.http)
    if http.isSafe, let caller, !isAssuming {
      let answer = try read(http, call.connection, caller)
      return planned(.read, .http(http), path: path, body: body, answer: (answer, false))
    }
    let assumed = app.assumed(http, event)
    hasAssumed = true
    return planned(
      app.deed(http), .http(http), path: path, body: body, answer: assumed.map { ($0, true) })
  }

  private func read(
    _ http: HTTPEffect, _ connection: Connection, _ caller: APIClient
  ) throws(Problem) -> Answer {
    switch try caller.send(http, through: connection, key: nil) {
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
    for more in own {
      row = Links.Row(
        kind: more.kind, ids: (row?.ids ?? [:]).merging(more.ids) { one, _ in one },
        versions: (row?.versions ?? [:]).merging(more.versions, uniquingKeysWith: max))
    }
    return call.answer(find, row)
  }
}

extension App {
  /// What it is assumed to answer to a request; nil where nobody can say.
  fileprivate func assumed(_ http: HTTPEffect, _ event: JSON) -> Answer? {
    assumptions.lazy.compactMap { $0.answer(to: http, event: event) }.first
  }

  /// What a request would be: a post to a collection makes something, any other changes something.
  fileprivate func deed(_ http: HTTPEffect) -> PlannedEffect.Deed {
    if http.isSafe { return .read }
    let isCollection = http.method == .post && http.path.split(separator: "/").count == 1
    let creates = assumptions.contains { $0.creates && $0.isAbout(http) }
    return isCollection || creates ? .create : .update
  }
}
