import Catalog
import Setup
import StepKit
import Values

/// A flow connection with all that its steps are called with, as it is now.
struct ResolvedFlow {
  /// A step of it.
  struct Stop {
    let part: FlowConnection.Part
    let connection: Connection
    /// Where it is called, if not on this machine.
    let place: StepEndpoints.Place?
  }

  let flow: FlowConnection
  let stops: [Stop]
  /// The account behind each app.
  let scopes: [String: String]

  init(_ name: String, registry: Registry, functions: StepRouter) throws(Problem) {
    let flow = try registry.flows.connection(name)
    var scopes: [String: String] = [:]
    stops = try flow.parts.map { (part) throws(Problem) in
      let connection = try registry.connections.get(part.connection)
      scopes[part.step.app] = connection.scope
      return Stop(
        part: part, connection: connection, place: try functions.place(of: part.step, in: name))
    }
    self.flow = flow
    self.scopes = scopes
  }
}

/// The itineraries that one thread needs, for as long as they may not have changed.
public struct ResolvedFlows {
  private let registry: Registry
  private let functions: StepRouter
  private var known: [String: ResolvedFlow] = [:]
  /// The version of what is settled that they are of.
  private(set) var version = -1

  init(registry: Registry, functions: StepRouter) {
    self.registry = registry
    self.functions = functions
  }

  /// The itinerary of a flow connection.
  mutating func itinerary(of name: String) throws(Problem) -> ResolvedFlow {
    let version = try registry.home.version()
    if version != self.version { known = [:] }
    self.version = version
    if let known = known[name] { return known }
    let made = try ResolvedFlow(name, registry: registry, functions: functions)
    known[name] = made
    return made
  }
}
