import Dispatcher
import Operations
import Records
import Setup
import Values

extension Command {
  static let runCommands = [
    runList,
    Command(
      name: "run show", summary: "Show a run with its activity log and effects", operands: ["RUN"],
      run: showRun),
  ]

  static let runAnswerCommands = [
    Command(
      name: "run settle", summary: "Record what happened to a parked effect",
      operands: ["RUN", "EFFECT"],
      options: [
        "--happened JSON: It happened, with this answer of the app; - reads standard input",
        "--did-not-happen: It did not happen",
      ], run: settle),
    Command(
      name: "run replay", summary: "Call the steps of a run again with its recorded answers",
      operands: ["RUN"], options: [.cold],
      details: """
        Sends no requests. Exits with 0 if the replies are the same, byte for byte, and with 65 otherwise.
        """, printsLines: true, run: replay),
  ]

  private static func showRun(_ context: Context) throws(Problem) {
    let view = try RunView(context.arguments.operands[0], in: context.home())
    context.print(view.json, page: RunPage.text(view.run, behind: view.behind, view.effects))
  }

  private static func settle(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    guard arguments.has("happened") != arguments.has("did-not-happen") else {
      throw arguments.wrong("give either --happened JSON or --did-not-happen")
    }
    let answer = try arguments.value("happened").map { (text) throws(Problem) in
      try Context.document(text == "-" ? context.event() : Array(text.utf8), "the answer")
    }
    let run = try RunStore(home: context.home(), person: Context.person).settle(
      arguments.operands[0], effect: arguments.operands[1], answer: answer,
      now: WallClock.system.now())
    context.print(run.json, "\(run.id) is \(run.status.rawValue)")
  }

  private static func replay(_ context: Context) throws(Problem) {
    let registry = try context.registry()
    let run = try RunStore(home: registry.home).run(context.arguments.operands[0])
    let calls = try Replay(registry: registry, caller: context.functions())
      .replay(run)
    for call in calls {
      let difference =
        call.isSame ? "" : "\n- \(call.then.displayedText)\n+ \(call.now.displayedText)"
      context.print(
        call.json,
        page:
          "step \(call.step), call \(call.round): \(call.isSame ? "same" : "differs")\(difference)")
    }
    guard calls.allSatisfy(\.isSame) else {
      throw Problem(.data, "the steps no longer reply as recorded")
    }
  }
}
