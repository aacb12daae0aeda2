import Operations
import Policies
import Setup
import Values

extension Command {
  static let approvalCommands = [
    Command(
      name: "approval list", summary: "Show the changes that do not leave yet",
      options: [
        "--flow-connection NAME: Only changes of this flow connection",
        "--rule RULE: Only changes that this rule holds",
      ],
      details: """
        The rules are \(HoldCause.allCases.map(\.rawValue).joined(separator: ", ")).
        Changes that freeze, cap, breaker and policy hold leave when the window or the hour or day ends, the
        breaker is closed or the policy can be read; the others wait for `approval grant`.
        """, printsLines: true
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let holds = try selectedHolds(context, registry)
      context.list(
        holds.map(\.json),
        head: [
          "RUN", "FLOW CONNECTION", "CUSTOMER", "REQUEST", "AMOUNT", "SINCE", "RULE", "GRANTED BY",
        ],
        empty: "no change is held"
      ) { hold in
        hold.cells("run", "flowConnection", "customer", "request", "amount", "since", "cause")
          + [hold["grantedBy"].items.compactMap(\.string).joined(separator: ", ")]
      }
    },
    Command(
      name: "approval show", summary: "Show a held change: the request as it will be sent",
      operands: ["RUN"],
      details: """
        The digest is of the step, the account and the bytes of the change. A grant is for exactly these: if
        the step asks for something else afterwards, it is held anew.
        """
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let hold = try HoldStore(home: registry.home).hold(of: context.arguments.operands[0])
      let shown = try ShownHold(hold, in: registry, at: WallClock.system.now())
      context.print(shown.json, page: shown.page)
    },
    Command(
      name: "approval grant", summary: "Let held changes leave", operands: ["RUN…?"],
      options: [
        "--all: All changes that the other options select",
        "--flow-connection NAME: Only changes of this flow connection",
        "--rule RULE: Only changes that this rule holds",
        "--digest DIGEST: Only if the change has this digest, or one that begins so",
        "--note TEXT: Why, for the record", .yes,
      ],
      details: """
        A running `serve` sends them, those of one customer one after another. What cannot be let go by a
        grant is refused. A grant holds for 24 hours, or as long as the policy says. With four eyes, two
        operators must grant. --all states the number and the sums, and asks for confirmation.
        """, printsLines: true
    ) { (context) throws(Problem) in
      try decide(context, "approval grant", "Let", "leave") {
        (store, run, digest) throws(Problem) in
        let now = WallClock.system.now()
        let hold = try store.grant(
          run, by: Context.person, note: context.arguments.value("note"), digest: digest, now: now)
        let missing = hold.approvals - hold.grants(at: now).count
        return (hold, missing > 0 ? "\(run) needs \(missing) more grant" : "\(run) is granted")
      }
    },
    Command(
      name: "approval refuse", summary: "Refuse held changes", operands: ["RUN…?"],
      options: [
        "--reason TEXT!: Why: the run ends as not synced with it",
        "--all: All changes that the other options select",
        "--flow-connection NAME: Only changes of this flow connection",
        "--rule RULE: Only changes that this rule holds",
        "--digest DIGEST: Only if the change has this digest, or one that begins so", .yes,
      ],
      details: "`run retry` lets a refused run ask again.", printsLines: true
    ) { (context) throws(Problem) in
      let reason = try context.arguments.required("reason")
      try decide(context, "approval refuse", "Refuse", "") { (store, run, digest) throws(Problem) in
        let hold = try store.refuse(
          run, by: Context.person, reason: reason, digest: digest, now: WallClock.system.now())
        return (hold, "\(run) is refused")
      }
    },
    Command(
      name: "stop-effects", summary: "Stop all changes in all apps at once",
      options: ["--reason TEXT: Why, for the record"],
      details: """
        From now on, no change leaves by any flow connection; reads go on, events are accepted, and runs
        wait. A request that is on its way is not called back. `start-effects` lets changes leave again.
        """
    ) { (context) throws(Problem) in
      let home = try context.home()
      try EffectStop(home: home).stop(
        by: Context.person, reason: context.arguments.value("reason"), now: WallClock.system.now())
      context.report(
        done: "all changes are stopped; `meterbridge start-effects` lets them leave again")
    },
    Command(name: "start-effects", summary: "Let changes leave again after stop-effects") {
      (context) throws(Problem) in
      let stop = EffectStop(home: try context.home())
      guard try stop.notice() != nil else { return context.report(done: "changes are not stopped") }
      try stop.start()
      context.report(done: "changes leave again")
    },
  ]

  /// The held changes that the options select.
  private static func selectedHolds(
    _ context: Context, _ registry: Registry
  ) throws(Problem) -> [ShownHold] {
    let arguments = context.arguments
    let name = arguments.value("flow-connection")
    let rule = try arguments.value("rule").map { (text) throws(Problem) in
      guard let cause = HoldCause(rawValue: text) else {
        throw arguments.wrong("unknown rule \"\(text)\"")
      }
      return cause
    }
    return try ShownHold.all(in: registry, at: WallClock.system.now()).filter { shown in
      name ?? shown.hold.flowConnection == shown.hold.flowConnection
        && rule ?? shown.hold.cause == shown.hold.cause
    }
  }

  /// Grants or refuses each selected change, and reports those that stay as they are at the end.
  private static func decide(
    _ context: Context, _ deed: String, _ verb: String, _ end: String,
    _ body: (HoldStore, String, String?) throws(Problem) -> (hold: Hold, words: String)
  ) throws(Problem) {
    let arguments = context.arguments
    guard arguments.operands.isEmpty == arguments.has("all") else {
      throw arguments.wrong("give either runs or --all")
    }
    let registry = try context.registry()
    var runs = arguments.operands
    if arguments.has("all") {
      let holds = try selectedHolds(context, registry)
      guard !holds.isEmpty else { return Terminal.note("no changes are selected") }
      let sums = ShownHold.sums(of: holds)
      let count = holds.count == 1 ? "1 change" : "\(holds.count) changes"
      let sum = sums.isEmpty ? "" : " of \(sums.joined(separator: " and "))"
      try context.confirm("\(verb) \(count)\(sum)\(end.isEmpty ? "" : " \(end)")?")
      runs = holds.map(\.hold.run)
    }
    let store = HoldStore(home: registry.home)
    var refused: [Problem] = []
    for run in runs {
      do throws(Problem) {
        let held = try store.hold(of: run)
        let (hold, words) = try AuditLog(home: registry.home).recording(
          deed, on: [run, held.flowConnection], what: ["digest \(held.digest.prefix(12))"],
          by: Context.person
        ) { () throws(Problem) in try body(store, run, arguments.value("digest")) }
        let shown = try ShownHold(hold, in: registry, at: WallClock.system.now())
        context.print(shown.json, words)
      } catch {
        guard error.kind == .refused, runs.count > 1 else { throw error }
        refused.append(error)
      }
    }
    for problem in refused { Terminal.warn(problem.description) }
    guard refused.isEmpty else {
      throw Problem(.refused, "\(refused.count) of \(runs.count) changes stay as they are")
    }
  }
}

extension ShownHold {
  /// The held change as text.
  fileprivate var page: String {
    let needs = hold.approvals > 1 ? "\(hold.approvals) operators" : "an operator"
    let rows = [
      ["run", hold.run], ["flow connection", hold.flowConnection], ["step", hold.step],
      ["connection", hold.connection], ["customer", customer ?? ""], ["kind", hold.kind],
      ["amount", hold.money?.text ?? ""], ["rule", hold.cause.rawValue], ["reason", hold.reason],
      ["since", hold.since.text], ["until", hold.until?.text ?? ""],
      ["needs", hold.cause.isGrantable ? "a grant of \(needs)" : ""],
      ["granted by", grantedBy.joined(separator: ", ")], ["digest", hold.digest],
    ].filter { !$0[1].isEmpty }
    return Table.text(rows) + "\n\n\(request.displayed())"
      + (body.map { "\n\($0.displayed())" } ?? "")
  }
}
