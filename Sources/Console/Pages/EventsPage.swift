import Dispatcher
import Operations
import Records
import Setup
import Values

/// The events, the latest first, and what became of each.
enum EventsPage {
  static let routes: [Route] = [
    .get(
      "/events", .viewer, .list("listEvents", "The events, the latest first", of: "Event", filters)
    ) { (visit) throws(Problem) in try page(visit) },
    .get("/events.csv") { (visit) throws(Problem) in
      .csv(
        try Export("events.csv", head) { (place) throws(Problem) in
          let portion = try portion(
            visit, before: place, limit: Export.rowsOfPortion, seconds: Export.secondsOfPortion)
          return (portion.events.map { csvRow($0, visit) }, portion.next)
        })
    },
    .get("/events/:event", .viewer, .one("getEvent", "An event with its body", "EventWithBody")) {
      (visit) throws(Problem) in try eventPage(visit)
    },
    .post(
      "/events/:event/run", .operator,
      .one("runEvent", "Start a run for a stored event", "Run", [flowConnection])
    ) { (visit) throws(Problem) in try start(visit) },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "type", help: "Only events of this type, as the app names it"),
    .init(name: "connection", help: "Only events that this connection received"),
    .init(name: "unheard", help: "yes: only events that no flow listened for"),
    .init(name: "since", help: "Only events received since then: a time, or an age such as 30d"),
    .init(name: "before", help: "Only events before this place of the list"),
  ]

  private static let flowConnection = APIOperation.Parameter(
    name: "flow-connection", help: "The flow connection that runs", isRequired: true)

  private static let head = ["event", "at", "happened", "type", "connection", "runs"]

  private static func csvRow(_ event: EventStore.Entry, _ visit: Visit) -> [String] {
    [
      event.id, event.at.text, visit.registry.time(of: event)?.text ?? "", event.type ?? "",
      event.connection,
      event.runs.joined(separator: " "),
    ]
  }

  private static func portion(
    _ visit: Visit, before place: String?, limit: Int = 50, seconds: Double? = nil
  ) throws(Problem) -> EventPortion {
    var filter = EventFilter()
    filter.type = visit.query("type")
    filter.connection = visit.query("connection")
    filter.isUnheard = visit.query("unheard") == "yes"
    return try EventStore(home: visit.home).latest(
      filter, before: place, limit: limit, since: visit.time("since"),
      seconds: seconds ?? visit.searchTime)
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let portion = try portion(visit, before: visit.query("before"))
    let unreadable = try UnreadablePage.link(visit)
    let names = try visit.registry.connections.all().map(\.name)
    let content = group {
      pageHead("Events", words: "Webhooks as they were received") {
        unreadable
        a(.class("button"), .href(Address("delivery"))) { "Delivery" }
        a(.class("button"), .href(visit.sibling("events.csv"))) { "Export CSV" }
      }
      form(.class("filters"), .action(Address("events"))) {
        visit.textField("Type", "type", placeholder: "customer_created")
        visit.choiceField("Connection", "connection", [("", "All")] + names.map { ($0, $0) })
        visit.choiceField("Heard", "unheard", [("", "All"), ("yes", "No flow listened")])
        visit.textField("Since", "since", placeholder: "7d")
        button { "Filter" }
      }
      if portion.events.isEmpty {
        emptyList(
          portion.isPartial ? "None found so far." : "No events match.", instead: "events")
      } else {
        dataTable(
          "Events", head: ["Event", "Received", "Type", "Connection", "Runs"], live: "events"
        ) {
          for event in portion.events { row(event, visit) }
        }
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial)
    }
    return .page(
      Answer.Page(
        title: "Events", section: .events,
        document: .array(portion.events.map(visit.registry.shown)),
        next: portion.next.map(visit.portion), content: content))
  }

  private static func row(_ event: EventStore.Entry, _ visit: Visit) -> Node {
    tr {
      td { a(.class("id"), .href(Address("events", event.key))) { bdi { short(event.id) } } }
      td {
        moment(event.at)
        span(.class("next")) { delay(event, visit) ?? "" }
      }
      td { bdi { event.type ?? "" } }
      td { a(.href(Address("connections", event.connection))) { event.connection } }
      td { runs(event) }
    }
  }

  /// An id; of a long one, such as the digest of an event without an id, the beginning.
  private static func short(_ id: String) -> String {
    id.unicodeScalars.count > 32 ? id.truncated(to: 16) + "…" : id
  }

  /// How long after it happened it was received.
  private static func delay(_ event: EventStore.Entry, _ visit: Visit) -> String? {
    guard let time = visit.registry.time(of: event) else { return nil }
    let seconds = max(event.at.milliseconds - time.milliseconds, 0) / 1000
    return "after \(seconds < 120 ? "\(seconds) s" : time.age(at: event.at))"
  }

  @NodeBuilder
  private static func runs(_ event: EventStore.Entry) -> Node {
    if event.runs.isEmpty { span(.class("soft")) { "none: no flow listened" } }
    for run in event.runs {
      a(.class("id"), .href(Address("runs", run))) { run }
      " "
    }
  }

  private static func eventPage(_ visit: Visit) throws(Problem) -> Answer {
    let event = try EventStore(home: visit.home).entry(visit.path[0])
    let body = visit.may(.operator) ? event.body : Redactor.cut(event.body)
    let content = group {
      pageHead(event.type ?? "Event")
      div(.class("two")) {
        section {
          h2 { "Body" }
          jsonText(body, label: "Body of the event")
        }
        aside {
          h2 { "Facts" }
          factList([
            ("Event", idText(event.id)), ("Account", Node(event.account)),
            ("Received", moment(event.at)),
            ("Happened", visit.registry.time(of: event).map(moment) ?? Node("not said by the app")),
            ("Delivery", Node(delay(event, visit) ?? "not known")),
            (
              "Connection",
              a(.href(Address("connections", event.connection))) { event.connection }
            ), ("Runs", runs(event)),
          ])
          startForm(event, visit)
        }
      }
    }
    let document = visit.registry.shown(event).with("body", body)
    return .page(
      Answer.Page(title: event.id, section: .events, document: document, content: content))
  }

  /// The flow connections that could still run for an event.
  @NodeBuilder
  private static func startForm(_ event: EventStore.Entry, _ visit: Visit) -> Node {
    let flows = (try? visit.registry.flows.connections()) ?? []
    let possible = flows.filter { flow in
      (try? visit.registry.account(of: flow)) == event.account
    }
    if visit.may(.operator), !possible.isEmpty {
      h2 { "Run late" }
      p(.class("soft")) { "For an event from before the flow connection was enabled." }
      visit.postForm(Address("events", event.key, "run"), .class("filters")) {
        choice(.name("flow-connection"), .label("Flow connection")) {
          for flow in possible { option { flow.name } }
        }
        button { "Start a run" }
      }
      h2 { "Plan" }
      for flow in possible {
        details {
          summary { flow.name }
          PlanPage.form(flow.name, event: event.key, visit)
        }
      }
    }
  }

  private static func start(_ visit: Visit) throws(Problem) -> Answer {
    let event = try EventStore(home: visit.home).entry(visit.path[0])
    let name = try visit.required("flow-connection")
    let intake = Intake(registry: visit.registry, person: visit.person)
    guard let run = try intake.start(name, for: event) else {
      throw Problem(.refused, "the event has a run of \(name) already; retry that one")
    }
    return .done(run.json, next: Address("runs", run.id), note: "The run is pending.")
  }
}
