import Operations
import Setup
import Values

extension Command {
  static let scheduleList = Command(
    name: "schedule list", summary: "Show what `serve` does at which times",
    details: """
      Schedules are the settings catchUp, reconcile and catalogueCheck, and the enabled flow connections that
      begin with meterbridge/scheduled. What was missed while `serve` did not run is made up once, at its
      start.
      """, printsLines: true
  ) { (context) throws(Problem) in
    context.list(
      try context.registry(.orEmpty).shownSchedules(at: WallClock.system.now()),
      head: ["NAME", "SCHEDULE", "NEXT", "LAST", "RESULT"],
      empty: "no schedules; `meterbridge setting set reconcile \"0 6 * * *\"` adds one"
    ) { schedule in
      schedule.cells("name", "schedule", "next", "last")
        + [(schedule["ok"] == false ? "failed: " : "") + (schedule["said"].string ?? "")]
    }
  }
}
