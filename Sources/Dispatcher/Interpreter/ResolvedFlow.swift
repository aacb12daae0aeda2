import Catalog
import Setup
import StepKit
import Values

/// A flow connection with everything that its steps are called with.
struct ResolvedFlow: Sendable {
  /// A step of the flow.
  struct Step: Sendable {
    let part: FlowConnection.Part
    let connection: Connection
    /// Where the step is called; nil for this machine.
    let place: StepEndpoints.Place?
  }

  let flow: FlowConnection
  let steps: [Step]
  /// The account behind each app.
  let scopes: [String: String]

  /// Reads a flow connection, its connections and the places of its steps.
  ///
  /// - Throws: a `noInput` problem if one of them does not exist.
  init(_ name: String, registry: Registry, router: StepRouter) throws(Problem) {
    let flow = try registry.flows.connection(name)
    var scopes: [String: String] = [:]
    steps = try flow.parts.map { (part) throws(Problem) in
      let connection = try registry.connections.get(part.connection)
      scopes[part.step.app] = connection.scope
      return Step(
        part: part, connection: connection, place: try router.place(of: part.step, in: name))
    }
    self.flow = flow
    self.scopes = scopes
  }

  /// Whether none of the steps from an index on works on an account: other runs need not wait for them.
  func hasNoAccounts(from index: Int) -> Bool {
    steps.dropFirst(index).allSatisfy { !$0.connection.app.hasAccounts }
  }
}
