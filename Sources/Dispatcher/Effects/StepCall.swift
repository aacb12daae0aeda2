import Catalog
import Records
import Setup
import StepKit
import Values

/// A call of a step in a run, with the connections that its effects use.
struct StepCall {
  let step: StepID
  /// The index of the step in the flow, from 0.
  let index: Int
  /// The fields of the step.
  let payload: JSON
  /// The connection of the step.
  let connection: Connection
  /// The account of each app in the flow connection.
  let scopes: [String: String]
  /// The input of the step; its `ids` identify the object that the step works on.
  let input: StepInput
  /// The id of the run.
  let run: String
  /// The flow connection.
  let flowConnection: String

  /// What is known of the step; nil if its app does not have it any more.
  var spec: StepSpec? { connection.app.steps[step.name] }

  /// Ids by account instead of by app; those of apps outside the flow connection are dropped.
  func scoped<Value>(_ ids: [String: Value]) -> [String: Value] {
    Dictionary(ids.compactMap { app, id in scopes[app].map { ($0, id) } }) { one, _ in one }
  }

  /// Ids by app instead of by account.
  func unscoped(_ ids: [String: String]) -> [String: String] {
    scopes.compactMapValues { ids[$0] }
  }

  /// The row of a link, with ids by account.
  func row(_ link: LinkEffect) -> Links.Row {
    Links.Row(kind: link.kind, ids: scoped(link.ids), versions: scoped(link.versions))
  }

  /// The rows of the links in a `done` reply.
  ///
  /// - Throws: a `software` problem if an effect is not a link.
  func rows(of effects: [Effect]) throws(Problem) -> [Links.Row] {
    var rows: [Links.Row] = []
    for effect in effects {
      guard case .link(let link) = effect else {
        throw Problem(
          .software, "the function \(step) is done, but requests effects other than links")
      }
      let row = row(link)
      if row.ids.count >= 2 { rows.append(row) }
    }
    return rows
  }

  /// The answer to a query of the ID mapping that found a row, or none.
  ///
  /// It is a 409 if the ids of the step's own app belong to an object of another account.
  func answer(_ find: FindEffect, _ row: Links.Row?) -> Answer {
    let found = row.map { unscoped($0.ids) } ?? [:]
    if let row, find.ids.keys.allSatisfy({ $0 == step.app }),
      let other = otherAccount(in: row, find.app)
    {
      return .known(status: 409, value: ["message": .string("it is linked to \(other)")])
    }
    let value: JSON?
    if let app = find.app {
      let version = scopes[app].flatMap { row?.versions[$0] }
      value = find.wantsVersion ? .int(version) : .text(found[app])
    } else {
      value = row == nil ? nil : .texts(found)
    }
    return .known(status: value == nil ? 404 : 200, value: value ?? .null)
  }

  /// The account of the step's own app.
  var target: String? { scopes[step.app] }

  /// The id of a row in another account of an app, if it has none in the account of this call: then the
  /// same id here may identify another object.
  private func otherAccount(in row: Links.Row, _ app: String?) -> String? {
    guard let scope = app.flatMap({ scopes[$0] }), row.ids[scope] == nil else { return nil }
    return row.accounts(beside: scope).first
  }

  /// The idempotency key of an effect, at most 100 characters; nil if the app supports none.
  ///
  /// It is the same for all events about an object, or for one run if the app's keys are per run.
  func key(of effect: String, generation: Int) -> String? {
    guard let idempotency = connection.app.http.idempotency else { return nil }
    // A key per run stays the same after a refusal.
    let cause = idempotency.isPerRun ? "\(run)|\(index)" : "\(subject)|\(generation)"
    let name = "\(step)|\(effect)|\(connection.scope)|\(cause)"
    let prefix = "\(step.name)-\(effect.percentEncoded)".truncated(to: 60)
    return "\(prefix)-\(Fingerprint(of: name.utf8).text)"
  }

  /// The object that the step works on: the ids of its input, and the account unless it is one of them,
  /// since a customer may have several.
  private var subject: String {
    let input = input.value
    guard let ids = input["ids"].object else { return run }
    let account = input["account"]
    let isNamed = account.isNull || ids.values.contains(account)
    return input["ids"].text + (isNamed ? "" : account.text)
  }
}
