import Dispatcher
import Operations
import Records
import Setup
import StepKit
import Values

extension Command {
  /// `run list`, `show`, `retry`, `settle`, `replay`.
  static let runCommands = [
    runList,
    Command(
      name: "run show", summary: "Show a run: its activity log and its effects", operands: ["RUN"],
      run: showRun),
    Command(
      name: "run retry", summary: "Let a run that is at its end go on", operands: ["RUN"],
      options: [
        Option(
          name: "from-step", value: "N",
          help: "From this step, from 1; else from where it ended, or from 1 if it was stopped")
      ],
      details: """
        What the steps read or were refused is forgotten; a change that was confirmed is not made
        again. A dispatcher that serves this home takes the run up.
        """
    ) { (context) throws(Problem) in
      let run = try RunStore(home: context.homeThatIsThere(), person: Context.person).retry(
        context.arguments.operands[0],
        from: try context.arguments.count("from-step").map { $0 - 1 },
        now: WallClock.system.now())
      context.wantsJSON ? Terminal.say(run.json) : Terminal.say("\(run.id) is pending")
    },
    Command(
      name: "run settle", summary: "Say what became of a change that is parked",
      operands: ["RUN", "EFFECT"],
      options: [
        Option(
          name: "happened", value: "JSON",
          help: "It happened, and this is what the app would have answered; - is standard input"),
        Option(name: "did-not-happen", help: "It did not happen"),
      ], run: settle),
    Command(
      name: "run replay", summary: "Call a run's steps again with the answers that they had",
      operands: ["RUN"], options: [.cold],
      details: """
        Nothing is sent. The exit status is 0 if the steps say the same to the byte, else 65.
        """, run: replay),
  ]

  private static func showRun(_ context: Context) throws(Problem) {
    let home = try context.homeThatIsThere()
    let book = RunStore(home: home)
    let known = try book.run(context.arguments.operands[0])
    let (run, effects) = try Redactor(home: home).shown(known, book.effects(of: known))
    let other = run.status == .pending ? RunStore.obstacles(among: try book.open())[run.id] : nil
    if context.wantsJSON {
      return Terminal.say(
        .members([
          "run": run.json(behind: other),
          "effects": .array(
            effects.map {
              ["step": .int($0.step + 1) ?? .null, "name": .string($0.name), "record": $0.record]
            }),
        ]))
    }
    Terminal.say(RunPage.text(run, behind: other, effects))
  }

  private static func settle(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    guard arguments.has("happened") != arguments.has("did-not-happen") else {
      throw arguments.wrong("say either --happened JSON or --did-not-happen")
    }
    let answer = try arguments.value("happened").map { (text) throws(Problem) in
      try Context.document(text == "-" ? context.event() : Array(text.utf8), "the answer")
    }
    let run = try RunStore(home: context.homeThatIsThere(), person: Context.person).settle(
      arguments.operands[0], effect: arguments.operands[1], answer: answer,
      now: WallClock.system.now())
    context.wantsJSON
      ? Terminal.say(run.json) : Terminal.say("\(run.id) is \(run.status.rawValue)")
  }

  private static func replay(_ context: Context) throws(Problem) {
    let registry = try context.registryThatIsThere()
    let run = try RunStore(home: registry.home).run(context.arguments.operands[0])
    let calls = try Replay(registry: registry, functions: context.functions())
      .replay(run, parts: registry.flows.connection(run.flowConnection).parts)
    for call in calls {
      if context.wantsJSON {
        Terminal.say(
          .members([
            "step": .int(call.step), "round": .int(call.round), "same": .bool(call.isSame),
            "then": call.isSame ? nil : call.then, "now": call.isSame ? nil : call.now,
          ]))
      } else {
        Terminal.say("step \(call.step), call \(call.round): \(call.isSame ? "same" : "differs")")
        if !call.isSame { Terminal.say("- \(call.then.text)\n+ \(call.now.text)") }
      }
    }
    guard calls.allSatisfy(\.isSame) else {
      throw Problem(.data, "the steps no longer say what they said")
    }
  }
}
