import Catalog
import Foundation
import Operations
import Policies
import Records
import Setup
import Values

extension Command {
  static let flowCommands = [
    Command(
      name: "flow list", summary: "Show flows and their flow connections",
      options: [
        "--public: Only flows that come with Meterbridge",
        "--private: Only your own flows",
      ], printsLines: true, run: listFlows),
    Command(
      name: "flow show", summary: "Show a flow or a flow connection", operands: ["FLOW"],
      details: "For a flow connection, shows the connection and the fields of each step."
    ) { (context) throws(Problem) in
      let registry = try context.registry(.orEmpty)
      let name = context.arguments.operands[0]
      if let connected = try registry.flows.connections().first(where: { $0.name == name }) {
        let rivals = try registry.flows.rivals(of: connected)
        let shown = try registry.shown(connected)
        return context.print(
          shown,
          page: ([connected.page] + rivals.map { "  \($0.words)".displayed() }).joined(
            separator: "\n")
        )
      }
      let flow = try registry.flows.get(name)
      context.print(flow.shown, page: FlowDrawing(flow, registry.catalog).text)
    },
    Command(
      name: "flow rm", summary: "Remove a flow of your own", operands: ["FLOW"], options: [.yes]
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let flow = try registry.flows.get(context.arguments.operands[0])
      try context.confirm("Remove flow \(flow.id)?")
      try registry.flows.remove(flow: flow.id)
      context.report(done: "removed \(flow.id)")
    },
    Command(
      name: "flow connect", summary: "Connect a flow: choose a connection for each step",
      operands: ["FLOW"],
      options: [
        "--name NAME: The flow connection's name",
        "--step STEP=CONNECTION…: The connection of a step; default: the only one of its app",
        "--set STEP.FIELD=VALUE…: A field of a step",
        "--enable: Enable the flow connection",
        "--replace: Replace the flow connection of that name",
        "--unset STEP.FIELD…: With --replace, remove a field of a step",
        "--no-check: Do not look up in the apps what the fields name",
        .yes,
      ],
      details: """
        On a terminal, asks for the name, for connections where an app has several, and for required fields
        that are not given, and then offers to enable the flow connection.

        --replace keeps the connections and fields that are not given, and whether the flow connection is
        enabled. It is refused while the flow connection has open runs. `flow show NAME` shows a flow
        connection.

        Fields that name something in an app, such as a price plan, are looked up with the connection's key.
        Exits with 78 and connects nothing if it does not exist or cannot be used. If the app does not
        answer, the flow is connected with a warning.

        \(rivalry)
        """, run: connect),
    Command(
      name: "flow enable", summary: "Enable a flow connection", operands: ["NAME"],
      options: [.yes],
      details: "From now on, events start runs of it.\n\n\(rivalry)"
    ) { (context) throws(Problem) in try enable(context, true) },
    Command(
      name: "flow disable", summary: "Disable a flow connection", operands: ["NAME"],
      details: """
        Its open runs wait until it is enabled again. Events that are received meanwhile start no runs.
        """
    ) { (context) throws(Problem) in try enable(context, false) },
    Command(
      name: "flow disconnect", summary: "Remove a flow connection", operands: ["NAME"],
      options: [.yes],
      details: "Its runs are kept. Open runs will fail."
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let name = try registry.flows.connection(context.arguments.operands[0]).name
      let open = try RunStore(home: registry.home).open().count { $0.flowConnection == name }
      let warning = open == 0 ? "" : "its open runs (\(open)) will fail"
      try context.confirm(
        "Remove flow connection \(name)?" + (open == 0 ? "" : " \(warning.titled)."))
      try registry.flows.disconnect(name)
      context.report(done: "disconnected \(name)" + (open == 0 ? "" : "; \(warning)"))
    },
  ]

  private static let rivalry = """
    Asks for confirmation if another enabled flow connection grants something else for the same event,
    such as another price plan for a payment. An event starts the runs of flow connections in the order
    of their names: the first grants, and the other changes nothing.
    """

  private static func listFlows(_ context: Context) throws(Problem) {
    let (isPublic, isPrivate) = (context.arguments.has("public"), context.arguments.has("private"))
    let documents = try context.registry(.orEmpty).shownFlows {
      isPublic == isPrivate || $0.isPublic == isPublic
    }
    context.list(
      documents, head: ["FLOW", "TYPE", "VISIBILITY", "NAME", "FLOW CONNECTIONS"], empty: "no flows"
    ) { flow in
      let connections = (flow["connections"].array ?? []).map { connection in
        let used = Set(connection["steps"].items.compactMap { $0["connection"].string }).sorted()
        return
          "\(connection["name"].string ?? "") (\(connection["enabled"].bool == true ? "on" : "off"):"
          + " \(used.joined(separator: ", ")))"
      }
      return flow.cells("flow", "type", "visibility", "name")
        + [connections.joined(separator: ", ")]
    }
  }

  private static func connect(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    var connections: [StepID: String] = [:]
    for (step, connection) in try arguments.pairs("step") {
      connections[try arguments.step(step)] = connection
    }
    var fields: [StepID: [String: String]] = [:]
    for (step, field, value) in try arguments.fields() { fields[step, default: [:]][field] = value }
    let removed = try arguments.removedFields()
    guard removed.isEmpty || arguments.has("replace") else {
      throw arguments.wrong("--unset requires --replace")
    }
    let registry = try context.registry()
    let isAsking = !arguments.has("replace") && isatty(STDIN_FILENO) == 1
    guard isAsking else {
      let choices = ConnectWizard.Choices(
        name: try arguments.required("name"), connections: connections, fields: fields)
      return try connect(
        flow: arguments.operands[0], choices, removing: removed, enabling: arguments.has("enable"),
        registry, context)
    }
    try connect(flow: arguments.operands[0], connections, fields, registry, context)
  }

  /// Connects a flow, and asks on the terminal for what is not given.
  static func connect(
    flow id: String, _ connections: [StepID: String],
    _ fields: [StepID: [String: String]], _ registry: Registry, _ context: Context
  ) throws(Problem) {
    let questions = Questions(loss: "nothing was connected")
    let choices = try ConnectWizard(registry, questions).complete(
      registry.flows.get(id), name: context.arguments.value("name"), connections, fields)
    var isEnabling = context.arguments.has("enable")
    if !isEnabling, questions.hasAsked {
      isEnabling = try confirms("Enable \(choices.name) now", "nothing was connected")
    }
    try connect(
      flow: id, choices, removing: [:], enabling: isEnabling, registry, context)
  }

  private static func connect(
    flow id: String, _ choices: ConnectWizard.Choices, removing removed: [StepID: Set<String>],
    enabling isEnabling: Bool, _ registry: Registry, _ context: Context
  ) throws(Problem) {
    let arguments = context.arguments
    var connected = try registry.connect(
      flow: id, name: choices.name, connections: choices.connections, settings: choices.fields,
      removing: removed, replacing: arguments.has("replace")
    ) { (flow) throws(Problem) in
      if !arguments.has("no-check") {
        for warning in try registry.checkFields(of: flow) { Terminal.warn(warning) }
      }
      if flow.isEnabled || isEnabling { try confirm(flow, registry, context) }
    }
    try PolicyStore(home: registry.home).adopt(
      registry.flows.get(connected.flow), in: connected.name, now: WallClock.system.now())
    if isEnabling { connected = try registry.flows.enable(connected.name, true) }
    if context.wantsJSON { return Terminal.print(connected.json) }
    guard connected.isEnabled else {
      return Terminal.print(
        "connected \(connected.flow) as \(connected.name);"
          + " `meterbridge flow enable \(connected.name)` enables it")
    }
    Terminal.print("connected \(connected.flow) as \(connected.name); it is enabled")
    Terminal.print(page: try registry.prospect(of: connected))
  }

  private static func enable(_ context: Context, _ isEnabled: Bool) throws(Problem) {
    let registry = try context.registry()
    let name = context.arguments.operands[0]
    if isEnabled { try confirm(registry.flows.connection(name), registry, context) }
    let changed = try registry.flows.enable(name, isEnabled)
    context.print(changed.json, "\(changed.name) is \(isEnabled ? "enabled" : "disabled")")
    if isEnabled, !context.wantsJSON { Terminal.print(page: try registry.prospect(of: changed)) }
  }
}

extension Command {
  /// Asks whether to enable a flow connection that others disagree with.
  private static func confirm(
    _ flow: FlowConnection, _ registry: Registry, _ context: Context
  ) throws(Problem) {
    let rivals = try registry.flows.rivals(of: flow)
    guard !rivals.isEmpty else { return }
    for rival in rivals { Terminal.warn(rival.words) }
    try context.confirm("Enable \(flow.name) all the same?")
  }
}

extension FlowConnection {
  fileprivate var page: String {
    let rows = parts.flatMap { part -> [[String]] in
      let fields = (part.payload.object ?? [:]).sorted { $0.key < $1.key }
      return [["\(part.step)", "through \(part.connection)"]]
        + (part.condition.map { [["", "only if \($0.text)"]] } ?? [])
        + fields.map { ["", "\($0.key) = \($0.value.string ?? $0.value.text)"] }
    }
    return "\(name): \(flow), \(isEnabled ? "enabled" : "disabled")\n\(Table.text(rows, indent: 2))"
  }
}
