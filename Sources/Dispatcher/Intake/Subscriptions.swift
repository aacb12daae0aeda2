import Catalog
import Records
import Setup
import StepKit
import Values

/// Who listens to events: it is made anew for each batch of them, and within one it asks the registry
/// once.
struct Subscriptions {
  private let registry: Registry
  private var flows: [FlowConnection]?
  private var names: [Topic: [Listener]] = [:]

  /// A flow connection that an event starts a run of.
  struct Listener {
    let name: String
    /// Whether its actions touch nothing that others do: then its runs keep their own order only.
    let isApart: Bool
  }

  /// What decides who listens to an event.
  private struct Topic: Hashable {
    let type: String?
    let scope: String
  }

  init(registry: Registry) { self.registry = registry }

  /// The flow connections that an event starts a run of.
  mutating func flows(for event: Event) throws(Problem) -> [Listener] {
    let topic = Topic(type: event.type, scope: event.scope)
    if let known = names[topic] { return known }
    var listening: [Listener] = []
    for flow in try enabled() {
      if let listener = try listener(flow, to: topic) { listening.append(listener) }
    }
    names[topic] = listening
    return listening
  }

  /// A flow connection as a listener to an event, enabled or not; nil where it listens to no such.
  func listener(_ flow: FlowConnection, to event: Event) throws(Problem) -> Listener? {
    try listener(flow, to: Topic(type: event.type, scope: event.scope))
  }

  private func listener(_ flow: FlowConnection, to topic: Topic) throws(Problem) -> Listener? {
    guard let first = flow.parts.first, try listens(first, to: topic) else { return nil }
    let actions = try flow.parts.dropFirst().map { (part) throws(Problem) in
      try registry.catalog.app(part.step.app)
    }
    return Listener(name: flow.name, isApart: actions.allSatisfy { !$0.hasAccounts })
  }

  private mutating func enabled() throws(Problem) -> [FlowConnection] {
    if let flows { return flows }
    let enabled = try registry.flows.connections().filter(\.isEnabled)
    flows = enabled
    return enabled
  }

  private func listens(_ part: FlowConnection.Part, to topic: Topic) throws(Problem) -> Bool {
    guard let app = registry.catalog.apps[part.step.app], let facts = app.steps[part.step.name],
      facts.listens(to: topic.type, payload: part.payload, in: app.webhook)
    else { return false }
    return try registry.connections.find(part.connection)?.scope == topic.scope
  }
}
