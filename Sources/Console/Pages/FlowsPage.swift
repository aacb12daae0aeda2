import Catalog
import Operations
import Policies
import Records
import Setup
import Values

/// The flows, public and private, and a flow with its form to connect it.
enum FlowsPage {
  static let routes: [Route] = [
    .get("/flows", .viewer, .list("listFlows", "The flows", of: "Flow", filters)) {
      (visit) throws(Problem) in try page(visit)
    },
    .get("/flows.csv") { (visit) throws(Problem) in
      let columns = ["flow", "name", "visibility", "type", "description", "connections"]
      let documents = try documents(visit).map { flow in
        flow.with("connections", .array(flow["connections"].items.map { $0["name"] }))
      }
      return .csv(try Export("flows.csv", columns, of: documents))
    },
    .get("/flows/:flow", .viewer, .one("getFlow", "A flow", "Flow")) {
      (visit) throws(Problem) in try flowPage(visit)
    },
    .post(
      "/flows/:flow/connect", .administrator,
      .one("connectFlow", "Connect a flow", "FlowConnection", connect)
    ) { (visit) throws(Problem) in try connect(visit) },
    .post("/flows/:flow/remove", .administrator, .one("removeFlow", "Remove a flow", "Flow")) {
      (visit) throws(Problem) in
      let flow = try visit.registry.flows.get(visit.path[0])
      try visit.registry.flows.remove(flow: flow.id)
      return .done(flow.shown, next: Address("flows"), note: "\(flow.name) is removed.")
    },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "visibility", help: "public or private"),
    .init(name: "type", help: "inbound or outbound"),
    .init(name: "q", help: "Only flows whose name or id contains this text"),
  ]
  private static let connect: [APIOperation.Parameter] = [
    .init(name: "name", help: "The name of the flow connection", isRequired: true),
    .init(
      name: "step:APP/STEP", help: "The connection of a step; default: the only one of its app"),
    .init(name: "set:APP/STEP.FIELD", help: "A field of a step"),
    .init(name: "enable", help: "yes: enable it"),
    .init(name: "no-check", help: "yes: do not look up in the apps what the fields name"),
  ]

  /// The flows that the query asks for.
  private static func documents(_ visit: Visit) throws(Problem) -> [JSON] {
    let (visibility, type) = (visit.query("visibility"), visit.query("type"))
    let word = visit.query("q")?.lowercased()
    return try visit.registry.shownFlows { flow in
      (visibility == nil || (visibility == "public") == flow.isPublic)
        && (type == nil || type == flow.direction.rawValue)
        && (word.map { flow.name.lowercased().contains($0) || flow.id.contains($0) } ?? true)
    }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let documents = try documents(visit)
    let content = group {
      pageHead("Flows", words: "When something happens in one app, do something in another") {
        a(.class("button"), .href(visit.sibling("flows.csv"))) { "Export CSV" }
        if visit.may(.administrator) {
          a(.class("button first"), .href(Address("new-flow"))) { "New flow" }
        }
      }
      form(.class("filters"), .action(Address("flows"))) {
        visit.choiceField(
          "Visibility", "visibility",
          [("", "All"), ("public", "Public"), ("private", "Private")])
        visit.choiceField(
          "Type", "type", [("", "All"), ("inbound", "Inbound"), ("outbound", "Outbound")])
        visit.textField("Name contains", "q")
        button { "Filter" }
      }
      if documents.isEmpty {
        emptyList("No flows match.")
      } else {
        dataTable("Flows", head: ["Flow", "Type", "Visibility", "Flow connections"]) {
          for flow in documents { row(flow) }
        }
      }
    }
    return .page(
      Answer.Page(
        title: "Flows", section: .flows, document: .array(documents), content: content))
  }

  private static func row(_ flow: JSON) -> Node {
    tr {
      td {
        a(.href(Address("flows", flow["flow"].string ?? ""))) {
          bdi { flow["name"].string ?? "" }
        }
        span(.class("next")) { bdi { flow["description"].string ?? "" } }
      }
      td { flow["type"].string?.titled ?? "" }
      td { flow["visibility"].string?.titled ?? "" }
      td {
        if flow["connections"].items.isEmpty { span(.class("soft")) { "not connected" } }
        for connected in flow["connections"].items {
          div { FlowConnectionPage.link(to: connected) }
        }
      }
    }
  }

  private static func flowPage(_ visit: Visit) throws(Problem) -> Answer {
    let flow = try visit.registry.flows.get(visit.path[0])
    let connected = try visit.registry.flows.connections().filter { flow.hasID($0.flow) }
    let content = group {
      pageHead(
        flow.name, tag: tag(flow.isPublic ? "Public" : "Private"),
        words: flow.direction.rawValue.titled)
      p { bdi { flow.description } }
      picture(of: flow, visit).node
      h2 { "Steps" }
      steps(of: flow, visit)
      h2 { "Flow connections" }
      if connected.isEmpty {
        p(.class("soft")) { "The flow does nothing until it is connected." }
      }
      for one in connected { p { FlowConnectionPage.link(to: one.json) } }
      if visit.may(.administrator) {
        h2 { "Add connection" }
        ConnectForm(flow, visit).node
        if !flow.isPublic, connected.isEmpty {
          visit.removal(
            "Remove…", "Removes the flow.", "Remove the flow", Address("flows", flow.id, "remove"))
        }
      }
    }
    let document = try visit.registry.shownFlows { $0.id == flow.id }.first ?? flow.shown
    return .page(
      Answer.Page(title: flow.name, section: .flows, document: document, content: content))
  }

  private static func picture(of flow: Flow, _ visit: Visit) -> FlowPicture {
    FlowPicture(
      boxes: flow.parts.map { part in
        FlowPicture.Box(
          title: (try? visit.registry.catalog.step(part.step).label) ?? part.step.name,
          words: visit.registry.catalog.apps[part.step.app]?.name ?? part.step.app)
      })
  }

  private static func steps(of flow: Flow, _ visit: Visit) -> Node {
    dataTable("Steps", head: ["", "Step", "What it does", "Fields"]) {
      for (index, part) in flow.parts.enumerated() {
        let step = try? visit.registry.catalog.step(part.step)
        tr {
          td { index == 0 ? "When" : "Then" }
          td {
            step?.label ?? part.step.name
            span(.class("next")) { code(.class("id")) { part.step.description } }
          }
          td {
            step?.description ?? ""
            if let condition = part.condition {
              span(.class("next")) { bdi { "only if \(condition.text)" } }
            }
          }
          td { fieldList(part.payload) }
        }
      }
    }
  }

  /// The fields of a step with their values.
  static func fieldList(_ payload: JSON) -> Node {
    group {
      for (name, value) in (payload.object ?? [:]).sorted(by: { $0.key < $1.key }) {
        div { bdi { "\(name) = \(value.string ?? value.text)" } }
      }
    }
  }

  private static func connect(_ visit: Visit) throws(Problem) -> Answer {
    let flow = try visit.registry.flows.get(visit.path[0])
    let (connections, fields) = try ConnectForm.read(visit)
    var notes: [String] = []
    let isEnabled = visit.field("enable") == "yes"
    var connected = try visit.registry.connect(
      flow: flow.id, name: visit.required("name"), connections: connections, settings: fields
    ) { (connected) throws(Problem) in
      if visit.field("no-check") != "yes" {
        notes += try visit.registry.checkFields(of: connected)
      }
      if isEnabled { try FlowConnectionPage.refuseRivals(of: connected, visit) }
    }
    try PolicyStore(home: visit.home).adopt(flow, in: connected.name, now: visit.now)
    if isEnabled { connected = try visit.registry.flows.enable(connected.name, true) }
    let note =
      "\(connected.name) is \(connected.isEnabled ? "enabled" : "connected, and disabled")."
    return .done(
      connected.json, next: Address("flow-connections", connected.name),
      note: ([note] + notes.map { "\($0.titled)." }).joined(separator: " "))
  }
}
