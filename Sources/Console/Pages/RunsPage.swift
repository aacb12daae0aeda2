import Operations
import Records
import Setup
import Values

/// The runs, the latest first: the activity log of the original.
enum RunsPage {
  static let routes: [Route] = [
    .get("/runs", .viewer, .list("listRuns", "The runs, the latest first", of: "Run", filters)) {
      (visit) throws(Problem) in try page(visit)
    },
    .get("/runs.csv") { (visit) throws(Problem) in
      let filter = try filter(visit)
      return .csv(
        try Export("runs.csv", head) { (place) throws(Problem) in
          let portion = try visit.registry.exported(filter, before: place)
          return (try visit.registry.shown(portion.runs).map(csvRow), portion.next)
        })
    },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "flow-connection", help: "Only runs of this flow connection"),
    .init(name: "status", help: "Only runs of this status"),
    .init(name: "reason", help: "Only runs whose reason or warning contains this text"),
    .init(name: "since", help: "Only runs started since then: a time, or an age such as 30d"),
    .init(name: "until", help: "Only runs started until then"),
    .init(name: "customer", help: "Only runs about this customer: account/id"),
    .init(name: "before", help: "Only runs before this one"),
  ]

  private static let head = ["run", "status", "at", "flowConnection", "event", "reason", "warning"]

  private static func csvRow(_ run: JSON) -> [String] {
    ["id", "status", "at", "flowConnection", "event", "reason", "warning"].map {
      run[$0].string ?? ""
    }
  }

  /// The runs that the query asks for.
  static func filter(_ visit: Visit) throws(Problem) -> RunFilter {
    var filter = RunFilter()
    filter.flowConnection = visit.query("flow-connection")
    filter.status = try visit.query("status").map { (text) throws(Problem) in
      guard let status = Run.Status(rawValue: text) else {
        throw Problem(.usage, "there is no status \"\(text)\"")
      }
      return status
    }
    filter.reason = visit.query("reason")
    filter.since = try visit.time("since")
    filter.until = try visit.time("until")
    filter.customer = try visit.query("customer").map { (text) throws(Problem) in
      let place = try AccountID(text)
      return try CustomerIDs(place.account, place.id, in: visit.home)
    }
    return filter
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let portion = try visit.registry.latestRuns(
      filter(visit), before: visit.query("before"), seconds: visit.searchTime)
    let documents = try visit.registry.shown(portion.runs)
    let flows = try visit.registry.flows.connections().map(\.name)
    let content = group {
      pageHead("Runs", words: "Events on their way through flow connections") {
        a(.class("button"), .href(visit.sibling("runs.csv"))) { "Export CSV" }
      }
      filterForm(visit, flows)
      if documents.isEmpty {
        emptyList(
          portion.isPartial ? "None found so far." : "No runs match.", instead: "runs",
          more: {
            if visit.filters.isEmpty {
              p { "A run begins when an event arrives that a flow connection listens for." }
            }
          })
      } else {
        dataTable(
          "Runs", head: ["Run", "Status", "Started", "Flow connection", "Reason"], live: "runs"
        ) {
          for run in documents { row(run) }
        }
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial)
    }
    return .page(
      Answer.Page(
        title: "Runs", section: .runs, document: .array(documents),
        next: portion.next.map(visit.portion), content: content))
  }

  private static func filterForm(_ visit: Visit, _ flows: [String]) -> Node {
    form(.class("filters"), .action(Address("runs"))) {
      visit.choiceField(
        "Flow connection", "flow-connection", [("", "All")] + flows.map { ($0, $0) })
      visit.choiceField(
        "Status", "status",
        [("", "All")] + Run.Status.allCases.map { ($0.rawValue, $0.title) })
      visit.textField("Reason contains", "reason")
      visit.textField("Since", "since", placeholder: "7d")
      visit.textField("Customer", "customer", placeholder: "chargebee:acme/cus_1")
      button { "Filter" }
    }
  }

  /// A row of a table of runs.
  static func row(_ run: JSON) -> Node {
    let id = run["id"].string ?? ""
    return tr {
      td { a(.class("id"), .href(Address("runs", id))) { id } }
      cells(run)
    }
  }

  /// The cells of a row after the id of the run.
  static func cells(_ run: JSON) -> Node {
    let flow = run["flowConnection"].string ?? ""
    return group {
      td { statusTag(run) }
      td { run["at"].time.map(moment) ?? .empty }
      td { a(.href(Address("flow-connections", flow))) { flow } }
      td { bdi { reason(run) } }
    }
  }

  private static func reason(_ run: JSON) -> String {
    run["waitsBehind"].string.map { "waits behind \($0)" } ?? run["warning"].string
      ?? run["reason"].string ?? ""
  }

  /// The status of a run as a word.
  static func statusTag(_ run: JSON) -> Node {
    guard let status = run["status"].string.flatMap(Run.Status.init(rawValue:)) else {
      return .empty
    }
    switch status {
    case .success:
      return run["warning"].isNull
        ? tag(status.title, "good") : tag("Success, with a warning", "warn")
    case .failed, .notSynced: return tag(status.title, "bad")
    case .parked: return tag("In doubt", "warn")
    case .pending: return tag(status.title, run["waitsFor"].isNull ? "" : "warn")
    case .stopped, .canceled: return tag(status.title)
    }
  }
}

extension Registry {
  /// A portion of an export of runs.
  func exported(_ filter: RunFilter, before place: String?) throws(Problem) -> RunPortion {
    try latestRuns(
      filter, before: place, limit: Export.rowsOfPortion, seconds: Export.secondsOfPortion)
  }
}
