public import Catalog
public import Records
public import Setup
import StepKit
public import Values

/// A polling step and the account that it is to read.
public struct PollPlan: Sendable {
  /// The step.
  public let step: StepID
  /// The connection to the account.
  public let connection: Connection
  /// The types of events that enabled flow connections listen to.
  public let types: [String]

  /// Why a home has no plans.
  public static let nothingToRead = Problem(
    .noInput,
    "no enabled flow connection listens to events of an app that can be read: nothing can be read")

  /// How far it was read in a home; nil if it was not yet.
  public func cursor(in home: Home) throws(Problem) -> PollCursor? {
    try home.document(at: key).flatMap(PollCursor.init)
  }

  /// The key of its cursor.
  var key: String { PollCursor.key(connection.scope, step.name) }

  /// The polls that bring what enabled flow connections listen to, for one connection or for all: one for
  /// each polling step and account.
  public static func all(
    _ registry: Registry, connection name: String? = nil
  ) throws(Problem) -> [PollPlan] {
    let wanted = try name.map { (name) throws(Problem) in try registry.connections.get(name).scope }
    var triggers: [String: [FlowConnection.Part]] = [:]
    var connections: [String: Connection] = [:]
    for flow in try registry.flows.connections() where flow.isEnabled {
      guard let first = flow.parts.first,
        let connection = try registry.connections.find(first.connection),
        wanted == nil || wanted == connection.scope
      else { continue }
      triggers[connection.scope, default: []].append(first)
      connections[connection.scope] = connections[connection.scope] ?? connection
    }
    return connections.values.sorted { $0.scope < $1.scope }.flatMap { connection in
      let parts = triggers[connection.scope] ?? []
      return connection.app.steps.values.sorted { $0.id < $1.id }.compactMap { step in
        plan(step, connection, parts)
      }
    }
  }

  /// The plan of a polling step; nil if no trigger listens to what it brings.
  private static func plan(
    _ step: StepSpec, _ connection: Connection, _ parts: [FlowConnection.Part]
  ) -> PollPlan? {
    guard case .poll(let brings) = step.role else { return nil }
    let heard = parts.compactMap { part in
      connection.app.steps[part.step.name].map { (trigger: $0, payload: part.payload) }
    }
    if let brings {
      let isHeard = heard.contains {
        $0.trigger.listens(to: brings, payload: $0.payload, in: connection.app.webhook)
      }
      return isHeard ? PollPlan(step: step.id, connection: connection, types: [brings]) : nil
    }
    let types = Set(heard.flatMap { $0.trigger.events(payload: $0.payload) })
    return types.isEmpty
      ? nil : PollPlan(step: step.id, connection: connection, types: types.sorted())
  }
}
