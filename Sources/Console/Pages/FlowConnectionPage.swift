import Catalog
import Operations
import Records
import Setup
import Values

/// A flow connection: its steps with their connections, and whether events start runs of it.
enum FlowConnectionPage {
  static let routes: [Route] = [
    .get(
      "/flow-connections/:name", .viewer,
      .one("getFlowConnection", "A flow connection", "FlowConnection")
    ) { (visit) throws(Problem) in try page(visit) },
    .post(
      "/flow-connections/:name/enable", .operator,
      .one("enableFlow", "Enable a flow connection", "FlowConnection", [anyway])
    ) { (visit) throws(Problem) in
      try refuseRivals(of: visit.registry.flows.connection(visit.path[0]), visit)
      return try enable(visit, true)
    },
    .post(
      "/flow-connections/:name/disable", .operator,
      .one("disableFlow", "Disable a flow connection", "FlowConnection")
    ) { (visit) throws(Problem) in try enable(visit, false) },
    .post(
      "/flow-connections/:name/disconnect", .administrator,
      .one("disconnectFlow", "Remove a flow connection", "FlowConnection")
    ) { (visit) throws(Problem) in
      let connected = try visit.registry.flows.connection(visit.path[0])
      try visit.registry.flows.disconnect(connected.name)
      return .done(
        connected.json, next: Address("flows"), note: "\(connected.name) is disconnected.")
    },
  ]

  private static let anyway = APIOperation.Parameter(
    name: "anyway", help: "yes: although another flow connection grants something else")

  /// A link to a flow connection, with whether it is enabled.
  static func link(to connected: JSON) -> Node {
    let name = connected["name"].string ?? ""
    let isEnabled = connected["enabled"].bool == true
    return group {
      a(.href(Address("flow-connections", name))) { name }
      " "
      isEnabled ? tag("Enabled", "good") : tag("Disabled")
    }
  }

  /// Refuses to enable a flow connection that others disagree with, unless the operator insists.
  static func refuseRivals(of flow: FlowConnection, _ visit: Visit) throws(Problem) {
    guard visit.field("anyway") != "yes" else { return }
    let rivals = try visit.registry.flows.rivals(of: flow)
    guard let rival = rivals.first else { return }
    throw Problem(
      .refused,
      "\(rival.words): the first by name would grant, and the other change nothing; disable one, or enable"
        + " \(flow.name) all the same")
  }

  private static func enable(_ visit: Visit, _ isEnabled: Bool) throws(Problem) -> Answer {
    let changed = try visit.registry.flows.enable(visit.path[0], isEnabled)
    let note =
      isEnabled
      ? "From now on, events start runs of it." : "Its open runs wait until it is enabled."
    return .done(changed.json, next: Address("flow-connections", changed.name), note: note)
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let connected = try visit.registry.flows.connection(visit.path[0])
    let rivals = try visit.registry.flows.rivals(of: connected)
    var filter = RunFilter()
    filter.flowConnection = connected.name
    let runs = try visit.registry.latestRuns(filter, limit: 10, seconds: visit.searchTime).runs
    let shown = try visit.registry.shown(runs)
    let open = connected.isEnabled ? tag("Enabled", "good") : tag("Disabled")
    let content = group {
      pageHead(connected.name, tag: open) { acts(connected, rivals, visit) }
      for rival in rivals {
        div(.class("note")) { p { "\(rival.words.titled)." } }
      }
      picture(of: connected, visit).node
      h2 { "Steps" }
      steps(of: connected, visit)
      PolicySection.node(connected, visit)
      h2 { "Latest runs" }
      if shown.isEmpty {
        p(.class("soft")) { "No runs lately." }
      } else {
        dataTable(
          "Latest runs", head: ["Run", "Status", "Started", "Flow connection", "Reason"],
          live: "runs"
        ) {
          for run in shown { RunsPage.row(run) }
        }
      }
      if visit.may(.operator) {
        h2 { "Plan" }
        p(.class("soft")) { "Shows every effect for an event, and performs none." }
        PlanPage.form(connected.name, visit)
      }
      if visit.may(.administrator) {
        visit.removal(
          "Disconnect…", "Its runs are kept. Open runs will fail.", "Disconnect \(connected.name)",
          Address("flow-connections", connected.name, "disconnect"))
      }
    }
    return .page(
      Answer.Page(
        title: connected.name, section: .flows, document: try visit.registry.shown(connected),
        content: content))
  }

  @NodeBuilder
  private static func acts(_ connected: FlowConnection, _ rivals: [FlowRival], _ visit: Visit)
    -> Node
  {
    a(
      .class("button"),
      .href(Address("runs", query: [Field("flow-connection", connected.name)]))
    ) { "All runs" }
    if visit.may(.operator) {
      let deed = connected.isEnabled ? "disable" : "enable"
      visit.postForm(Address("flow-connections", connected.name, deed), .class("inline")) {
        if !connected.isEnabled, !rivals.isEmpty {
          label {
            input(.type("checkbox"), .name("anyway"), .value("yes"))
            "all the same "
          }
        }
        button(.class(connected.isEnabled ? "" : "first")) { deed.titled }
      }
    }
  }

  private static func picture(of connected: FlowConnection, _ visit: Visit) -> FlowPicture {
    FlowPicture(
      boxes: connected.parts.map { part in
        FlowPicture.Box(
          title: (try? visit.registry.catalog.step(part.step).label) ?? part.step.name,
          words: "\(part.step.app) · \(part.connection)")
      })
  }

  private static func steps(of connected: FlowConnection, _ visit: Visit) -> Node {
    dataTable("Steps", head: ["", "Step", "Connection", "Fields"]) {
      for (index, part) in connected.parts.enumerated() {
        tr {
          td { index == 0 ? "When" : "Then" }
          td {
            (try? visit.registry.catalog.step(part.step).label) ?? part.step.name
            span(.class("next")) { code(.class("id")) { part.step.description } }
            if let condition = part.condition {
              span(.class("next")) { bdi { "only if \(condition.text)" } }
            }
          }
          td { a(.href(Address("connections", part.connection))) { part.connection } }
          td { FlowsPage.fieldList(part.payload) }
        }
      }
    }
  }
}
