import Dispatcher
import Operations
import Records
import Setup
import Values

extension Command {
  static let dispatch = Command(
    name: "dispatch", summary: "Process one event in the foreground and show its runs",
    options: ["--connection NAME!: The connection that the event comes from", .event, .cold],
    details: """
      Exits with 0 if every run succeeds or is stopped, 75 if a run must be tried again later, and 77 if a
      run fails or is parked. An event that was received before starts no runs.
      """, printsLines: true
  ) { (context) throws(Problem) in
    try context.requireFiles()
    let registry = try context.registry()
    let connection = try registry.connections.get(context.arguments.required("connection"))
    let body = try Context.document(context.event(), "the event")
    let foreground = Foreground(
      registry: registry, caller: try context.functions(), person: Context.person)
    let receipt = try foreground.take(body, from: connection)
    let runs = try foreground.execute(receipt)
    if case .duplicate = receipt {
      Terminal.note("the event was received before; `meterbridge event list` shows its runs")
    } else if runs.isEmpty {
      Terminal.note("the event is stored; no enabled flow connection listens for it")
    }
    let book = RunStore(home: registry.home)
    let blockingRuns = RunStore.blockingRuns(among: try book.open())
    let discretion = try Redactor(home: registry.home)
    let shown = try runs.map { (run) throws(Problem) in
      try discretion.shown(run, book.effects(of: run))
    }
    for (run, effects) in shown {
      context.print(run.json, page: RunPage.text(run, behind: blockingRuns[run.id], effects))
    }
    try end(shown.map(\.run), blockingRuns)
  }

  private static func end(_ runs: [Run], _ blockingRuns: [String: String]) throws(Problem) {
    if let failed = runs.first(where: { $0.status == .failed }) {
      throw Problem(.refused, "run \(failed.id) failed: \(failed.reason ?? "")")
    }
    if let parked = runs.first(where: { $0.status == .parked }) {
      throw Problem(
        .refused,
        "run \(parked.id) is parked: \(parked.reason ?? ""); `meterbridge run settle` records what"
          + " happened")
    }
    if let waiting = runs.first(where: { $0.status == .pending }) {
      let what = blockingRuns[waiting.id].map { "behind \($0)" } ?? "until \(waiting.due.text)"
      throw Problem(.temporary, "run \(waiting.id) waits \(what): \(waiting.reason ?? "")")
    }
  }
}
