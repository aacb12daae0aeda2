import Operations
import Records
import Setup
import Values

extension Command {
  /// The options that select runs for `run retry` and `run cancel`.
  private static let selection: [Option] = [
    "--all: All runs that the other options select",
    "--status STATUS: Only runs of this status",
    "--flow-connection NAME: Only runs of this flow connection",
    "--reason TEXT: Only runs whose reason contains this text",
    .since("Only runs started since then"),
    "--until TIME: Only runs started until then",
    "--customer ACCOUNT/ID: Only runs about this customer, such as chargebee:acme/cus_1", .yes,
  ]

  static let runControlCommands = [
    Command(
      name: "run retry", summary: "Continue runs that have ended, or try waiting ones again now",
      operands: ["RUN…?"],
      options: [
        "--from-step N: Start at this step; default: see below"
      ] + selection,
      details: """
        A run begins at step 1 again or, if it failed after it had changed something, where it ended. Answers to
        reads and refused requests are discarded. A change that is confirmed is not made again. A running `serve`
        processes the runs. A pending run is tried again now, whatever it waits for.

        --all selects runs that failed or are not synced, unless --status says otherwise, and asks for
        confirmation.
        """, printsLines: true
    ) { (context) throws(Problem) in
      let step = try context.arguments.count("from-step").map { $0 - 1 }
      try control(context, "Retry", [.failed, .notSynced]) { (control, id) throws(Problem) in
        let run = try control.retry(id, from: step)
        return (run, "\(id) is pending")
      }
    },
    Command(
      name: "run cancel", summary: "End runs that wait", operands: ["RUN…?"], options: selection,
      details: """
        A run that has begun ends before its next call of a step; what it has done stays done. If a change may
        have happened, the run is parked, and `run settle` says what happened. `run retry` continues a canceled
        run. While `serve` runs, it ends the runs a moment later.

        --all selects pending runs, and asks for confirmation.
        """, printsLines: true
    ) { (context) throws(Problem) in
      try control(context, "Cancel", [.pending]) { (control, id) throws(Problem) in
        let run = try control.cancel(id)
        return (run, run.status == .pending ? "\(id) will end" : "\(id) is \(run.status.rawValue)")
      }
    },
  ]

  /// Does something to each selected run, and reports those that refuse at the end.
  private static func control(
    _ context: Context, _ verb: String, _ statuses: [Run.Status],
    _ body: (RunControl, String) throws(Problem) -> (run: Run, words: String)
  ) throws(Problem) {
    let arguments = context.arguments
    guard arguments.operands.isEmpty == arguments.has("all") else {
      throw arguments.wrong("give either runs or --all")
    }
    let registry = try context.registry()
    let ids =
      arguments.has("all")
      ? try selected(context, registry, statuses) : arguments.operands
    if arguments.has("all") {
      guard !ids.isEmpty else { return Terminal.note("no runs are selected") }
      try context.confirm("\(verb) \(ids.count == 1 ? "1 run" : "\(ids.count) runs")?")
    }
    let discretion = try Redactor(home: registry.home)
    let control = RunControl(home: registry.home, person: Context.person)
    var refused: [Problem] = []
    for id in ids {
      do throws(Problem) {
        let (run, words) = try body(control, id)
        let shown = try discretion.shown(run).run
        context.print(shown.json, words)
      } catch {
        guard error.kind == .refused, ids.count > 1 else { throw error }
        refused.append(error)
      }
    }
    for problem in refused { Terminal.warn(problem.description) }
    guard refused.isEmpty else {
      throw Problem(.refused, "\(refused.count) of \(ids.count) runs stay as they are")
    }
  }

  private static func selected(
    _ context: Context, _ registry: Registry, _ statuses: [Run.Status]
  ) throws(Problem) -> [String] {
    let filter = try runFilter(context, registry.home)
    let wanted = filter.status.map { [$0] } ?? statuses
    var runs: [String] = []
    for status in wanted {
      var own = filter
      own.status = status
      runs += try registry.runs(own).map(\.id)
    }
    return runs.sorted()
  }
}
