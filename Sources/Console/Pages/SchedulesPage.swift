import Operations
import Setup
import Values

/// What `serve` does at which times, and what came of it.
enum SchedulesPage {
  static let routes: [Route] = [
    .get(
      "/schedules", .viewer,
      .list("listSchedules", "What the server does at which times", of: "Schedule")
    ) { (visit) throws(Problem) in try page(visit) }
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let documents = try visit.registry.shownSchedules(at: visit.now)
    let content = group {
      pageHead("Schedules", words: "What the server does at which times")
      if documents.isEmpty {
        emptyList("There is no schedule.", instead: "schedules") {
          p {
            "For example, "
            code { "meterbridge setting set reconcile \"0 6 * * *\"" }
            " compares the invoices each morning."
          }
        }
      } else {
        dataTable(
          "Schedules", head: ["Name", "Schedule", "Next", "Last", "Result"], live: "schedules"
        ) { for schedule in documents { row(schedule) } }
      }
    }
    return .page(
      Answer.Page(
        title: "Schedules", section: .events, document: .array(documents), content: content))
  }

  private static func row(_ schedule: JSON) -> Node {
    tr {
      td { bdi { schedule["name"].string ?? "" } }
      td { code { schedule["schedule"].string ?? "" } }
      td { schedule["next"].time.map(moment) ?? Node("never") }
      td { schedule["last"].time.map(moment) ?? Node("never") }
      td {
        if let ok = schedule["ok"].bool { ok ? tag("Good", "good") : tag("Failed", "bad") }
        if let said = schedule["said"].string { span(.class("why")) { bdi { said } } }
      }
    }
  }
}
