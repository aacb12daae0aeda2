import Catalog
import Records
import Setup
import StepKit
import Values

/// The flow connections that listen to events; a cache for one batch of events.
struct Subscriptions {
  private let registry: Registry
  /// Whether a person gives the events.
  private let isByPerson: Bool
  private var flows: [FlowConnection]?
  private var listeners: [Topic: [Listener]] = [:]

  /// A flow connection of which an event starts a run.
  struct Listener {
    let name: String
    /// Whether none of its actions uses an account: then its runs have a lane of their own.
    let hasNoAccounts: Bool
  }

  /// The properties of an event that decide which flow connections listen to it.
  private struct Topic: Hashable {
    let type: String?
    let scope: String
  }

  init(registry: Registry, isByPerson: Bool = false) {
    self.registry = registry
    self.isByPerson = isByPerson
  }

  /// The enabled flow connections that listen to an event.
  mutating func flows(for event: Event) throws(Problem) -> [Listener] {
    let topic = Topic(type: event.type, scope: event.scope)
    if let known = listeners[topic] { return known }
    var listening: [Listener] = []
    for flow in try enabled() {
      if let listener = try listener(flow, to: topic) { listening.append(listener) }
    }
    listeners[topic] = listening
    return listening
  }

  /// A flow connection, enabled or not, as a listener to an event; nil if it does not listen to it.
  func listener(_ flow: FlowConnection, to event: Event) throws(Problem) -> Listener? {
    try listener(flow, to: Topic(type: event.type, scope: event.scope))
  }

  private func listener(_ flow: FlowConnection, to topic: Topic) throws(Problem) -> Listener? {
    guard let first = flow.parts.first, try listens(first, to: topic) else { return nil }
    let actions = try flow.parts.dropFirst().map { (part) throws(Problem) in
      try registry.catalog.app(part.step.app)
    }
    return Listener(name: flow.name, hasNoAccounts: actions.allSatisfy { !$0.hasAccounts })
  }

  private mutating func enabled() throws(Problem) -> [FlowConnection] {
    if let flows { return flows }
    let enabled = try registry.flows.connections().filter(\.isEnabled)
    flows = enabled
    return enabled
  }

  private func listens(_ part: FlowConnection.Part, to topic: Topic) throws(Problem) -> Bool {
    guard let app = registry.catalog.apps[part.step.app], let spec = app.steps[part.step.name],
      isByPerson || !spec.isForPeople,
      spec.listens(to: topic.type, payload: part.payload, in: app.webhook)
    else { return false }
    return try registry.connections.find(part.connection)?.scope == topic.scope
  }
}
