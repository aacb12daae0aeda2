import Operations
import Setup
import Values

/// Who did what when, on the console and by a command.
enum AuditPage {
  static let routes: [Route] = [
    .get(
      "/audit", .administrator, .list("listAudit", "Who did what when", of: "AuditEntry", filters)
    ) { (visit) throws(Problem) in try page(visit) },
    .get("/audit.csv", .administrator) { (visit) throws(Problem) in
      .csv(
        try Export("audit.csv", head) { (place) throws(Problem) in
          let (entries, next) = try entries(
            visit, before: place, limit: Export.rowsOfPortion)
          return (entries.map(csvRow), next.map(String.init))
        })
    },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "by", help: "Only what this person did"),
    .init(name: "before", help: "Only entries before this number"),
  ]

  private static let head = ["number", "at", "by", "did", "on", "what", "outcome", "chained"]

  private static func texts(_ entry: AuditLog.Entry, _ name: String) -> String {
    entry.json[name].items.compactMap(\.string).joined(separator: ", ")
  }

  private static func csvRow(_ entry: AuditLog.Entry) -> [String] {
    let json = entry.json
    return [
      "\(entry.number)", json["at"].string ?? "", json["by"].string ?? "", json["did"].string ?? "",
    ]
      + [texts(entry, "on"), texts(entry, "what"), json["outcome"].string ?? ""]
      + [entry.isChained ? "yes" : "no"]
  }

  private static func entries(
    _ visit: Visit, before number: String?, limit: Int = 50
  ) throws(Problem) -> (entries: [AuditLog.Entry], next: Int?) {
    try AuditLog(home: visit.home).latest(
      before: number.flatMap(Int.init), limit: limit, by: visit.query("by"))
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (entries, next) = try entries(visit, before: visit.query("before"))
    let people = try OperatorStore(home: visit.home).all().map(\.name)
    let content = group {
      pageHead("Audit", words: "Who did what when, here and by a command") {
        a(.class("button"), .href(visit.sibling("audit.csv"))) { "Export CSV" }
      }
      form(.class("filters"), .action(Address("audit"))) {
        visit.choiceField("By", "by", [("", "All")] + people.map { ($0, $0) })
        button { "Filter" }
      }
      if entries.isEmpty {
        emptyList("Nothing was done yet.")
      } else {
        dataTable("Audit", head: ["When", "By", "Did", "On", "Outcome"]) {
          for entry in entries { row(entry) }
        }
      }
      pager(visit, next: next.map { "\($0)" }, isPartial: false)
    }
    return .page(
      Answer.Page(
        title: "Audit", section: .audit, document: .array(entries.map(\.json)),
        next: next.map { visit.portion(before: "\($0)") }, content: content))
  }

  private static func row(_ entry: AuditLog.Entry) -> Node {
    tr {
      td { entry.json["at"].time.map(moment) ?? .empty }
      td { bdi { entry.json["by"].string ?? "" } }
      td { bdi { entry.json["did"].string ?? "" } }
      td {
        bdi { texts(entry, "on") }
        span(.class("next")) { bdi { texts(entry, "what") } }
      }
      td {
        bdi { entry.json["outcome"].string ?? "" }
        if !entry.isChained { tag("Does not follow the one before", "bad") }
      }
    }
  }
}
