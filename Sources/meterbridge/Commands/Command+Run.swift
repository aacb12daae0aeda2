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
    let home = try context.home()
    let book = RunStore(home: home)
    let known = try book.run(context.arguments.operands[0])
    let (run, effects) = try Redactor(home: home).shown(known, book.effects(of: known))
    let other = run.status == .pending ? RunStore.blockingRuns(among: try book.open())[run.id] : nil
    let documents = effects.map { effect -> JSON in
      [
        "step": .int(effect.step + 1) ?? .null, "name": .string(effect.name),
        "record": effect.record,
      ]
    }
    context.print(
      ["run": run.json(behind: other), "effects": .array(documents)],
      page: RunPage.text(run, behind: other, effects))
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
        .members([
          "step": .int(call.step), "round": .int(call.round), "same": .bool(call.isSame),
          "then": call.isSame ? nil : call.then, "now": call.isSame ? nil : call.now,
        ]),
        page:
          "step \(call.step), call \(call.round): \(call.isSame ? "same" : "differs")\(difference)")
    }
    guard calls.allSatisfy(\.isSame) else {
      throw Problem(.data, "the steps no longer reply as recorded")
    }
  }
}
