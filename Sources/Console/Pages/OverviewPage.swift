import Catalog
import HTTPTypes
import Operations
import Records
import Setup
import Values

/// What came and went in the last day or month, and what is set up.
enum OverviewPage {
  static let routes: [Route] = [
    .get(
      "/", .viewer,
      .one(
        "getOverview", "What came and went in the last day or month", "Overview",
        [.init(name: "span", help: "day or month; default: day")])
    ) { (visit) throws(Problem) in try page(visit) }
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let span = visit.query("span").flatMap(RunsOverTime.Span.init(rawValue:)) ?? .day
    let day = try RunsOverTime(visit.registry, span, now: visit.now, seconds: visit.searchTime)
    let flows = try visit.registry.flows.connections()
    let paused = try visit.registry.shownConnections().filter { !$0["paused"].isNull }
    let content = group {
      pageHead("Overview", words: span == .day ? "The last 24 hours" : "The last 30 days") {
        span == .day
          ? a(.class("button"), .href(Address(query: [Field("span", "month")]))) { "30 days" }
          : a(.class("button"), .href(Address())) { "24 hours" }
      }
      div(.class("kpis"), .id("numbers"), .live) {
        number(day.count(of: .success), "runs done", day)
        number(day.count(of: .failed) + day.count(of: .notSynced), "failed or not synced", day)
        number(day.count(of: .parked), "in doubt", day)
        number(day.count(of: .pending), "pending", day)
        number(day.count(of: .stopped), "had nothing to do", day)
      }
      for connection in paused {
        div(.class("note bad")) {
          p { bdi { (connection["paused"].string ?? "").titled } }
        }
      }
      RunsChart(day).node
      h2 { "Flow connections" }
      if flows.isEmpty {
        emptyList("Nothing is connected yet.") {
          p {
            "Add "
            a(.href(Address("connections"))) { "connections" }
            ", then connect a "
            a(.href(Address("flows"))) { "flow" }
            "."
          }
        }
      } else {
        flowTable(flows, day, visit)
      }
      h2 { "This server" }
      factList(server(visit))
    }
    return .page(
      Answer.Page(
        title: "Overview", section: .overview, document: day.json, content: content))
  }

  private static func server(_ visit: Visit) -> [(name: String, value: Node)] {
    let room = DiskRoom(at: visit.home.path)?.words ?? "unknown"
    let store = Int(Home.storeBytes(at: visit.home.storePath)) >> 10
    return [
      ("Version", Node(Version.text)), ("Store", Node("\(store) KiB")), ("Disk", Node("\(room)")),
    ]
  }

  private static func number(_ count: Int, _ words: String, _ day: RunsOverTime) -> Node {
    div {
      strong { day.isPartial ? "\(count)+" : "\(count)" }
      span { words }
    }
  }

  private static func flowTable(_ flows: [FlowConnection], _ day: RunsOverTime, _ visit: Visit)
    -> Node
  {
    dataTable(
      "Flow connections", head: ["Flow connection", "When", "Then", "Runs", "Trouble", "State"],
      numeric: [3, 4], live: "flows"
    ) {
      for flow in flows {
        tr {
          td { a(.href(Address("flow-connections", flow.name))) { flow.name } }
          td { words(flow.parts.first, visit) }
          td { for part in flow.parts.dropFirst() { div { words(part, visit) } } }
          td(.class("num")) { "\(day.count(of: flow.name))" }
          td(.class("num")) { "\(day.trouble(of: flow.name))" }
          td { flow.isEnabled ? tag("Enabled", "good") : tag("Disabled") }
        }
      }
    }
  }

  private static func words(_ part: FlowConnection.Part?, _ visit: Visit) -> Node {
    guard let part else { return .empty }
    return group {
      (try? visit.registry.catalog.step(part.step).label) ?? part.step.description
      " "
      small { part.connection }
    }
  }
}
