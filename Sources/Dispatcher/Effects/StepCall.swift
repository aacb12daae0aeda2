import Catalog
import Records
import Setup
import StepKit
import Values

/// What a step's effects are performed with: its connection, and the accounts behind the apps.
struct StepCall {
  let step: StepID
  /// The step's place in the flow, from 0.
  let index: Int
  /// The connection that the flow connection gives the step.
  let connection: Connection
  /// The account behind each app of the flow connection.
  let scopes: [String: String]
  /// The step's input: its ids are what the step is about.
  let input: StepInput
  let run: String

  /// Ids by account instead of by app; an app that the flow connection has no connection to has none.
  func scoped<Value>(_ ids: [String: Value]) -> [String: Value] {
    Dictionary(ids.compactMap { app, id in scopes[app].map { ($0, id) } }) { one, _ in one }
  }

  /// Ids by app instead of by account.
  func unscoped(_ ids: [String: String]) -> [String: String] {
    scopes.compactMapValues { ids[$0] }
  }

  /// A link's row, its ids by account.
  func row(_ link: LinkEffect) -> Links.Row {
    Links.Row(kind: link.kind, ids: scoped(link.ids), versions: scoped(link.versions))
  }

  /// The rows of the links that a step ends with.
  ///
  /// - Throws: a `software` problem if one of the effects is no link.
  func rows(of effects: [Effect]) throws(Problem) -> [Links.Row] {
    var rows: [Links.Row] = []
    for effect in effects {
      guard case .link(let link) = effect else {
        throw Problem(.software, "the function \(step) is done, but asks for an answer")
      }
      let row = row(link)
      if row.ids.count >= 2 { rows.append(row) }
    }
    return rows
  }

  /// What a look into the ID mapping found, as the step is told.
  func answer(_ find: FindEffect, _ row: Links.Row?) -> Answer {
    let found = row.map { unscoped($0.ids) } ?? [:]
    if let row, find.ids.keys.allSatisfy({ $0 == step.app }),
      let other = stranger(in: row, find.app)
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

  /// The account of the step's own app, whose things others are linked to.
  var target: String? { scopes[step.app] }

  /// The id that a thing of the step's app has in another account of an app than the one that this call
  /// is about: the same id here may be somebody else's.
  private func stranger(in row: Links.Row, _ app: String?) -> String? {
    guard let scope = app.flatMap({ scopes[$0] }), row.ids[scope] == nil else { return nil }
    return row.accounts(beside: scope).first
  }

  /// The idempotency key of an effect: the same for the same thing, whichever event it came with and
  /// however often, at most 100 characters; nil where the app takes none.
  func key(of effect: String, generation: Int) -> String? {
    guard let idempotency = connection.app.http.idempotency else { return nil }
    // What is done once a run keeps its key however often it is refused
    let what = idempotency.isPerRun ? "\(run)|\(index)" : "\(thing)|\(generation)"
    let name = "\(step)|\(effect)|\(connection.scope)|\(what)"
    let words = "\(step.name)-\(effect.percentEncoded)".truncated(to: 60)
    return "\(words)-\(Fingerprint(of: name.utf8).text)"
  }

  /// What the step is about: the ids of its input, and the account where they do not name it, since a
  /// customer may have several.
  private var thing: String {
    let input = input.value
    guard let ids = input["ids"].object else { return run }
    let account = input["account"]
    let isNamed = account.isNull || ids.values.contains(account)
    return input["ids"].text + (isNamed ? "" : account.text)
  }
}
