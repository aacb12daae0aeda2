import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Setup
import StepKit
import Values

extension Command {
  /// `flow list`, `show`, `rm`, `connect`, `enable`, `disable`, `disconnect`.
  static let flowCommands = [
    Command(
      name: "flow list", summary: "List the flows and their flow connections",
      options: [
        Option(name: "public", help: "Only those that came with Meterbridge"),
        Option(name: "private", help: "Only your own"),
      ], run: listFlows),
    Command(
      name: "flow show", summary: "Show a flow or a flow connection", operands: ["FLOW"],
      details: "Of a flow connection, with the connection and the fields of each step."
    ) { (context) throws(Problem) in
      let registry = try context.registryToLookAt()
      let name = context.arguments.operands[0]
      if let connected = try registry.flows.connections().first(where: { $0.name == name }) {
        return context.wantsJSON
          ? Terminal.say(connected.json) : Terminal.say(connected.page)
      }
      let flow = try registry.flows.get(name)
      context.wantsJSON
        ? Terminal.say(flow.shown) : Terminal.say(FlowDrawing(flow, registry.catalog).text)
    },
    Command(
      name: "flow rm", summary: "Remove a flow of your own", operands: ["FLOW"],
      options: [Option(name: "yes", help: "Do not ask")]
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let flow = try registry.flows.get(context.arguments.operands[0])
      try context.confirm("Remove the flow \(flow.id)?")
      try registry.flows.remove(flow: flow.id)
      context.confirm(done: "removed \(flow.id)")
    },
    Command(
      name: "flow connect", summary: "Choose a connection for each step of a flow",
      operands: ["FLOW"],
      options: [
        Option(name: "name", value: "NAME", isRequired: true, help: "The flow connection's name"),
        Option(
          name: "step", value: "STEP=CONNECTION", isRepeatable: true,
          help: "The connection of a step; left out, the only one of its app"),
        Option(
          name: "set", value: "STEP.FIELD=VALUE", isRepeatable: true, help: "A field of a step"),
        Option(name: "enable", help: "Enable it at once"),
        Option(
          name: "replace",
          help: "Take the place of the flow connection of that name, which has no open run"),
      ],
      details: """
        With --replace, the connections and fields that were said before stay where they are not said anew,
        and so does whether it is enabled. `flow show NAME` shows them.
        """, run: connect),
    Command(
      name: "flow enable", summary: "Let events run a flow connection", operands: ["NAME"]
    ) { (context) throws(Problem) in try enable(context, true) },
    Command(
      name: "flow disable", summary: "Let events run a flow connection no longer",
      operands: ["NAME"],
      details: """
        Runs of it that are under way wait, and say so, until it is enabled again. Events that come
        meanwhile start no run of it.
        """
    ) { (context) throws(Problem) in try enable(context, false) },
    Command(
      name: "flow disconnect", summary: "Remove a flow connection", operands: ["NAME"],
      options: [Option(name: "yes", help: "Do not ask")],
      details: "Its runs stay, but those that are open will fail."
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let name = try registry.flows.connection(context.arguments.operands[0]).name
      let open = try RunStore(home: registry.home).open().count { $0.flowConnection == name }
      let warning = open == 0 ? "" : "its open runs, \(open) in number, will fail"
      try context.confirm(
        "Remove the flow connection \(name)?" + (open == 0 ? "" : " \(warning.titled)."))
      try registry.flows.disconnect(name)
      context.confirm(done: "disconnected \(name)" + (open == 0 ? "" : "; \(warning)"))
    },
  ]

  private static func listFlows(_ context: Context) throws(Problem) {
    let registry = try context.registryToLookAt()
    let connected = try registry.flows.connections()
    let flows = try registry.flows.all().filter { flow in
      let (isPublic, isPrivate) = (
        context.arguments.has("public"), context.arguments.has("private")
      )
      return isPublic == isPrivate || flow.isPublic == isPublic
    }
    let documents = flows.map { flow -> JSON in
      .object(
        (flow.shown.object ?? [:]).merging([
          "connections": .array(connected.filter { $0.flow == flow.id }.map(\.json))
        ]) { one, _ in one })
    }
    context.list(
      documents, head: ["FLOW", "TYPE", "VISIBILITY", "NAME", "FLOW CONNECTIONS"], empty: "no flow"
    ) { flow in
      let connections = (flow["connections"].array ?? []).map { connection in
        "\(connection["name"].string ?? "") (\(connection["enabled"].bool == true ? "on" : "off"))"
      }
      return [
        flow["flow"].string ?? "", flow["type"].string ?? "", flow["visibility"].string ?? "",
        flow["name"].string ?? "", connections.joined(separator: ", "),
      ]
    }
  }

  private static func connect(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    var connections: [StepID: String] = [:]
    for (step, connection) in try arguments.pairs("step") {
      guard let step = StepID(step) else { throw arguments.wrong("\"\(step)\" is no step") }
      connections[step] = connection
    }
    var settings: [StepID: [String: String]] = [:]
    for (place, value) in try arguments.pairs("set") {
      let parts = place.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let step = StepID(parts[0]) else {
        throw arguments.wrong("\"\(place)\" must be of the form app/step.field")
      }
      settings[step, default: [:]][parts[1]] = value
    }
    let registry = try context.registryThatIsThere()
    var connected = try registry.connect(
      flow: arguments.operands[0], name: try arguments.required("name"), connections: connections,
      settings: settings, replacing: arguments.has("replace"))
    if arguments.has("enable") { connected = try registry.flows.enable(connected.name, true) }
    if context.wantsJSON { return Terminal.say(connected.json) }
    guard connected.isEnabled else {
      return Terminal.say(
        "connected \(connected.flow) as \(connected.name);"
          + " `meterbridge flow enable \(connected.name)`")
    }
    Terminal.say("connected \(connected.flow) as \(connected.name); it is enabled")
    Terminal.say(try registry.prospect(of: connected))
  }

  private static func enable(_ context: Context, _ isEnabled: Bool) throws(Problem) {
    let registry = try context.registryThatIsThere()
    let changed = try registry.flows.enable(context.arguments.operands[0], isEnabled)
    if context.wantsJSON { return Terminal.say(changed.json) }
    Terminal.say("\(changed.name) is \(isEnabled ? "enabled" : "disabled")")
    if isEnabled { Terminal.say(try registry.prospect(of: changed)) }
  }
}

extension FlowConnection {
  /// The flow connection as text.
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

extension Flow {
  /// The flow as it is shown: its file, its id, and whose it is.
  var shown: JSON {
    .object(
      (json.object ?? [:]).merging([
        "flow": .string(id), "visibility": isPublic ? "public" : "private",
      ]) { one, _ in one })
  }
}

extension Registry {
  /// What a flow connection will do, and what it needs to be sent.
  fileprivate func prospect(of connected: FlowConnection) throws(Problem) -> String {
    var lines = try connected.parts.enumerated().map { (index, part) throws(Problem) in
      let step = try catalog.step(part.step)
      let condition = part.condition.map { ", only if \($0.text)" } ?? ""
      return "  \(index == 0 ? "when" : "then")  \(step.label) (\(part.connection))\(condition)"
    }
    guard let first = connected.parts.first else { return "" }
    let events = try catalog.step(first.step).events(payload: first.payload)
    let app = try connections.get(first.connection).app
    let what = events.isEmpty ? "its webhooks" : events.joined(separator: ", ")
    let installed = try webhooks(of: connections.get(first.connection).scope)
    if let webhook = installed.first(where: { Set($0.events).isSuperset(of: events) }),
      !events.isEmpty,
      try connections.find(String(webhook.url.split(separator: "/").last ?? "")) != nil
    {
      lines.append("  \(app.name) sends \(what) to \(webhook.url)")
      return lines.joined(separator: "\n")
    }
    let command = app.canBeTold ? "webhook install --url URL" : "webhook url"
    lines.append(
      "  \(app.name) must send \(what): `meterbridge \(command) --connection \(first.connection)`")
    return lines.joined(separator: "\n")
  }
}
