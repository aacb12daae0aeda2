public import Catalog
import StepKit
import Store
public import Values

/// The flows of a home, public and private, and its flow connections.
public struct FlowStore: Sendable {
  private let home: Home
  let catalog: AppCatalog
  let connectionStore: ConnectionStore
  private let cache = VersionedCache<FlowConnection>()
  private let cacheOfAll = VersionedCache<[FlowConnection]>()

  init(connections: ConnectionStore) {
    home = connections.home
    catalog = connections.catalog
    connectionStore = connections
  }
}

// MARK: - Flows

extension FlowStore {
  /// All flows, public and private, ordered by id.
  public func all() throws(Problem) -> [Flow] {
    let own = try home.documents(below: StoreKey.flow.prefix).map { (record) throws(Problem) in
      try Flow(id: StoreKey.flow.name(in: record.key), json: record.document, isPublic: false)
    }
    return (Array(catalog.flows.values) + own).sorted { $0.id < $1.id }
  }

  /// The flow of an id, an alias or a unique name.
  public func get(_ name: String) throws(Problem) -> Flow {
    let flows = try all()
    if let flow = flows.first(where: { $0.id == name }) { return flow }
    if let flow = flows.first(where: { $0.isPublic && $0.hasID(name) }) { return flow }
    let named = flows.filter { $0.name == name }
    guard let flow = named.first else {
      throw Problem(.noInput, "there is no flow \"\(name)\"; `meterbridge flow list` shows them")
    }
    guard named.count == 1 else {
      throw Problem(
        .usage,
        "\(named.count) flows are named \"\(name)\"; use an id: "
          + named.map(\.id).joined(separator: ", "))
    }
    return flow
  }

  /// Adds a private flow with a new id.
  public func add(flow id: String, json: JSON) throws(Problem) -> Flow {
    try put(flow: id, json: json, replacing: false).flow
  }

  /// Adds a private flow, or replaces one.
  ///
  /// - Returns: The flow, and the flow connections that still have the steps of the replaced one.
  /// - Throws: A `data` problem that lists all faults of the file; `cannotCreate` if the id is taken.
  public func put(
    flow id: String, json: JSON, replacing: Bool
  ) throws(Problem) -> (flow: Flow, outdated: [String]) {
    try ConnectionStore.check(id, "flow")
    let flow = try catalog.flow(id, json)
    let key = StoreKey.flow.key(id)
    let isShipped = catalog.flows.values.contains { $0.hasID(id) }
    guard !isShipped,
      try home.commit([.put(key, flow.json)], if: replacing ? [] : [.absent(key)])
    else {
      throw Problem(
        .cannotCreate,
        "there is a flow \"\(id)\" already"
          + (isShipped ? ", which came with Meterbridge" : "; choose another name"))
    }
    let outdated = try connections().filter { $0.flow == id && !$0.hasSteps(of: flow) }
    return (flow, outdated.map(\.name))
  }

  /// Removes a private flow; refused while a flow connection uses it.
  public func remove(flow id: String) throws(Problem) {
    let flow = try get(id)
    guard !flow.isPublic else {
      throw Problem(.refused, "flow \"\(flow.id)\" is part of Meterbridge and cannot be removed")
    }
    let users = try connections().filter { $0.flow == flow.id }.map(\.name)
    guard users.isEmpty else {
      throw Problem(
        .refused,
        "flow \"\(flow.id)\" is used by the flow connection "
          + users.joined(separator: ", "))
    }
    _ = try home.commit([.remove(StoreKey.flow.key(flow.id))])
  }
}

// MARK: - Flow connections

extension FlowStore {
  /// All flow connections, by name: an event starts their runs in this order.
  public func connections() throws(Problem) -> [FlowConnection] {
    let prefix = StoreKey.flowConnection.prefix
    let connected = try cacheOfAll.value(at: prefix, in: home) { () throws(Problem) in
      try home.documents(below: prefix).map { (record) throws(Problem) in
        try FlowConnection(json: record.document)
      }
    }
    return connected ?? []
  }

  /// The flow connection of that name.
  public func connection(_ name: String) throws(Problem) -> FlowConnection {
    let connected = try cache.value(at: StoreKey.flowConnection.key(name), in: home) {
      (document) throws(Problem) in try FlowConnection(json: document)
    }
    guard let connected else {
      throw Problem(
        .noInput, "there is no flow connection \"\(name)\"; `meterbridge flow list` shows them")
    }
    return connected
  }

  /// Creates a flow connection, which is disabled.
  ///
  /// A step without a connection in `connections` uses the one of another step of its app, or the only
  /// one of its app. A flow connection that replaces another keeps the connections and fields that are
  /// not given, and stays enabled if it was.
  /// - Throws: A `usage` problem about a step, connection or field; `cannotCreate` if the name is taken.
  ///
  /// `check` is called with the flow connection before it is stored, and nothing is stored if it throws.
  public func connect(
    flow id: String, name: String, connections: [StepID: String],
    settings: [StepID: [String: String]] = [:], removing: [StepID: Set<String>] = [:],
    replacing old: FlowConnection? = nil,
    check: (FlowConnection) throws(Problem) -> Void = { (_) throws(Problem) in }
  ) throws(Problem) -> FlowConnection {
    try ConnectionStore.check(name, "flow connection")
    let flow = try get(id)
    let steps = Set(flow.parts.map(\.step))
    for step in (Array(connections.keys) + settings.keys + removing.keys).sorted()
    where !steps.contains(step) {
      throw Problem(.usage, "flow \"\(flow.id)\" has no step \(step)")
    }
    var before: [StepID: FlowConnection.Part] = [:]
    for part in old?.parts ?? [] { before[part.step] = part }
    let parts = try flow.parts.map { (part) throws(Problem) in
      let former = before[part.step]
      let chosen = chosen(for: part.step, flow, connections) ?? former?.connection
      let payload = try payload(
        of: part, settings[part.step] ?? [:], former, without: removing[part.step] ?? [])
      let connection = try connection(for: part.step, chosen)
      let facts = try catalog.step(part.step)
      if let reason = facts.refusal(payload: payload.all, settings: connection.known) {
        throw Problem(.refused, "\(part.step) refuses its settings: \(reason)")
      }
      return FlowConnection.Part(
        step: part.step, connection: connection.name, payload: payload.all, own: payload.own,
        condition: part.condition)
    }
    try checkScopes(parts)
    let connected = FlowConnection(
      name: name, flow: flow.id, isEnabled: old?.isEnabled ?? false, parts: parts)
    try check(connected)
    let key = StoreKey.flowConnection.key(name)
    let condition = old.map { Condition.equals(key, $0.json.text) } ?? .absent(key)
    guard try home.commit([.put(key, connected.json)], if: [condition]) else {
      throw Problem(
        .cannotCreate,
        "flow connection \"\(name)\" already exists: choose another name, or pass --replace")
    }
    if old != nil {
      try StepEndpoints(home: home, catalog: catalog).forget(in: name, but: parts.map(\.step))
    }
    return connected
  }

  /// The connection given to a step, or to the first other step of its app.
  private func chosen(
    for step: StepID, _ flow: Flow, _ connections: [StepID: String]
  ) -> String? {
    let others = flow.parts.lazy.map(\.step).filter { $0.app == step.app }
    return connections[step] ?? others.compactMap { connections[$0] }.first
  }

  private func connection(for step: StepID, _ name: String?) throws(Problem) -> Connection {
    if let name {
      let chosen = try connectionStore.get(name)
      guard chosen.app.id == step.app else {
        throw Problem(
          .usage, "connection \"\(name)\" is to \(chosen.app.name) and cannot be used for \(step)")
      }
      return chosen
    }
    let possible = try connectionStore.all(of: step.app)
    guard let only = possible.first, possible.count == 1 else {
      let names = possible.map(\.name).joined(separator: ", ")
      throw Problem(
        .usage,
        possible.isEmpty
          ? "\(step) requires a connection: add one with `meterbridge connection add \(step.app)`"
          : "several connections are possible for \(step): pass --step \(step)=NAME with one of \(names)"
      )
    }
    return only
  }

  private func payload(
    of part: Flow.Part, _ typed: [String: String], _ former: FlowConnection.Part?,
    without removed: Set<String>
  ) throws(Problem) -> (all: JSON, own: [String]) {
    let facts = try catalog.step(part.step)
    for name in removed.sorted() where former?.own.contains(name) != true || typed[name] != nil {
      throw Problem(
        .usage,
        typed[name] == nil
          ? "\(part.step).\(name) is not set in this flow connection"
          : "\(part.step).\(name) is both set and removed")
    }
    let kept = (former?.payload.object ?? [:]).filter { name, _ in
      former?.own.contains(name) == true && !removed.contains(name)
        && facts.fields.contains { $0.name == name }
    }
    var payload = (part.payload.object ?? [:]).merging(kept) { $1 }
    for (name, text) in typed {
      guard let field = facts.fields.first(where: { $0.name == name }) else {
        let names = facts.fields.map(\.name).joined(separator: ", ")
        throw Problem(
          .usage,
          "\(part.step) has no field \"\(name)\""
            + (names.isEmpty ? "; it has none" : "; it has \(names)"))
      }
      payload[name] = try field.value(of: text)
    }
    for field in facts.fields where !field.isOptional && payload[field.name] == nil {
      throw Problem(
        .usage, "\(part.step) requires \(field.label): pass --set \(part.step).\(field.name)=…")
    }
    let choice = facts.fields.filter { facts.needsOneOf.contains($0.name) }
    guard choice.isEmpty || choice.contains(where: { payload[$0.name] != nil }) else {
      let ways = choice.map { "\($0.label) (--set \(part.step).\($0.name)=…)" }
      throw Problem(.usage, "\(part.step) requires \(ways.joined(separator: " or "))")
    }
    if let exclusion = facts.exclusion(in: .object(payload)) {
      let others = kept.keys.filter { facts.excludes.contains($0) && typed[$0] == nil }
      let ways = others.map { "; --unset \(part.step).\($0) removes \($0)" }
      throw Problem(.usage, exclusion + ways.joined())
    }
    return (.object(payload), Set(kept.keys).union(typed.keys).sorted())
  }

  /// All steps of an app must use one account: a run keeps the ids of a thing by app.
  private func checkScopes(_ parts: [FlowConnection.Part]) throws(Problem) {
    var scopes: [String: String] = [:]
    for part in parts {
      let connection = try connectionStore.get(part.connection)
      let scope = connection.scope
      guard
        !connection.app.hasAccounts
          || scopes.updateValue(scope, forKey: part.step.app) ?? scope == scope
      else {
        throw Problem(
          .usage, "the steps of \(part.step.app) must use connections to the same account")
      }
    }
  }

  /// Enables or disables a flow connection.
  public func enable(_ name: String, _ isEnabled: Bool) throws(Problem) -> FlowConnection {
    let changed = try connection(name).enabled(isEnabled)
    _ = try home.commit([.put(StoreKey.flowConnection.key(name), changed.json)])
    return changed
  }

  /// Removes a flow connection, its policy and the endpoints of its steps; its runs stay.
  public func disconnect(_ name: String) throws(Problem) {
    _ = try connection(name)
    try StepEndpoints(home: home, catalog: catalog).forget(
      in: name,
      with: [StoreKey.flowConnection, .policy, .spent].map { .remove($0.key(name)) })
  }
}
