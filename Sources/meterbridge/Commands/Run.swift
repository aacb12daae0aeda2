import Dispatcher
import Step

extension Command {
  /// `run list`, `show`, `retry`.
  static let runCommands = [
    Command(
      name: "run list", summary: "List the runs, the latest last",
      options: [
        Option(name: "status", value: "STATUS", help: "pending, success, stopped or failed"),
        Option(name: "limit", value: "N", help: "Only the latest N; 50 if nothing is said"),
      ], run: listRuns),
    Command(
      name: "run show", summary: "Show a run: its activity log and its effects", operands: ["RUN"],
      run: showRun),
    Command(
      name: "run retry", summary: "Let a failed or stopped run go on from the step where it ended",
      operands: ["RUN"]
    ) { (context) throws(Problem) in
      let home = try context.home()
      let run = try RunBook(home: home).retry(
        context.arguments.operands[0], now: Dispatcher.Clock.system.now())
      if context.wantsJSON { return Terminal.say(run.json) }
      Terminal.say("\(run.id) is pending; a dispatcher that serves this home takes it up")
    },
  ]

  private static func listRuns(_ context: Context) throws(Problem) {
    let status = try context.arguments.value("status").map { (text) throws(Problem) in
      guard let status = Dispatcher.Run.Status(rawValue: text) else {
        throw context.arguments.wrong("there is no status \"\(text)\"")
      }
      return status
    }
    let limit = try context.arguments.count("limit") ?? 50
    let runs = try RunBook(home: context.home()).runs().filter {
      status == nil || $0.status == status
    }
    context.list(
      runs.suffix(limit).map(\.json),
      head: ["RUN", "STATUS", "TIMESTAMP", "FLOW CONNECTION", "REASON"], empty: "no run"
    ) { run in
      [
        run["id"].string ?? "", run["status"].string ?? "", run["at"].string ?? "",
        run["flowConnection"].string ?? "", run["reason"].string ?? "",
      ]
    }
  }

  private static func showRun(_ context: Context) throws(Problem) {
    let book = RunBook(home: try context.home())
    let run = try book.run(context.arguments.operands[0])
    let effects = try book.effects(of: run)
    if context.wantsJSON {
      return Terminal.say(
        .members([
          "run": run.json,
          "effects": .array(
            effects.map {
              ["step": .int($0.step + 1) ?? .null, "name": .string($0.name), "record": $0.record]
            }),
        ]))
    }
    Terminal.say(RunPage.text(run, effects))
  }
}
