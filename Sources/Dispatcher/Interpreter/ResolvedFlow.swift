import Catalog
import Setup
import StepKit
import Values

/// A flow connection with the connections and endpoints of its steps.
final class ResolvedFlow: Sendable {
  /// A step of the flow.
  struct Step: Sendable {
    let part: FlowConnection.Part
    let connection: Connection
    /// The endpoint of the step; nil for this machine.
    let endpoint: StepEndpoints.Place?
  }

  let flow: FlowConnection
  let steps: [Step]
  /// The account of each app.
  let scopes: [String: String]

  /// Reads a flow connection with its connections and endpoints.
  ///
  /// - Throws: a `noInput` problem if one of them does not exist; an `io` or `temporary` one if the store
  ///   cannot be read.
  init(_ name: String, registry: Registry, router: StepRouter) throws(Problem) {
    let flow = try registry.flows.connection(name)
    var scopes: [String: String] = [:]
    steps = try flow.parts.map { (part) throws(Problem) in
      let connection = try registry.connections.get(part.connection)
      scopes[part.step.app] = connection.scope
      return Step(
        part: part, connection: connection,
        endpoint: try router.endpoint(of: part.step, in: name))
    }
    self.flow = flow
    self.scopes = scopes
  }

  /// Whether a flow connection, as it was resolved at another time, has the same steps and settings.
  func isSame(as other: ResolvedFlow) -> Bool {
    flow.isEnabled == other.flow.isEnabled && steps.count == other.steps.count
      && zip(steps, other.steps).allSatisfy { one, other in
        one.part.step == other.part.step && one.part.payload == other.part.payload
          && one.part.condition?.text == other.part.condition?.text
          && one.connection.name == other.connection.name
          && one.connection.settings == other.connection.settings
          && one.endpoint?.url == other.endpoint?.url
      }
  }

  /// Whether none of the steps from an index on uses an account, so that other runs need not wait.
  func hasNoAccounts(from index: Int) -> Bool {
    steps.dropFirst(index).allSatisfy { !$0.connection.app.hasAccounts }
  }
}
