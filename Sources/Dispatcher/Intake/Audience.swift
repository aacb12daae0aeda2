import Step

/// Who listens to events: it is made anew for each batch of them, and within one it asks the registry
/// once.
struct Audience {
  private let registry: Registry
  private var flows: [FlowConnection]?
  private var names: [Topic: [String]] = [:]

  /// What decides who listens to an event.
  private struct Topic: Hashable {
    let type: String?
    let scope: String
  }

  init(registry: Registry) { self.registry = registry }

  /// The names of the flow connections that an event starts a run of.
  mutating func flows(for event: Event) throws(Problem) -> [String] {
    let topic = Topic(type: event.type, scope: event.scope)
    if let known = names[topic] { return known }
    var listening: [String] = []
    for flow in try enabled() {
      guard let first = flow.parts.first, try listens(first, to: topic) else { continue }
      listening.append(flow.name)
    }
    names[topic] = listening
    return listening
  }

  private mutating func enabled() throws(Problem) -> [FlowConnection] {
    if let flows { return flows }
    let enabled = try registry.flowConnections().filter(\.isEnabled)
    flows = enabled
    return enabled
  }

  private func listens(_ part: FlowConnection.Part, to topic: Topic) throws(Problem) -> Bool {
    guard let facts = try? registry.catalog.step(part.step),
      facts.listens(to: topic.type, payload: part.payload)
    else { return false }
    return try registry.findConnection(part.connection)?.scope == topic.scope
  }
}
