import FoundationEssentials
import Operations
import Setup
import Values

extension Command {
  /// What people say of reconciliations that are kept.
  static let reconciliationCommands = [
    Command(
      name: "reconciliation list", summary: "Show the reconciliations that are kept",
      options: [.limit("Only the latest N; default: 20")], printsLines: true
    ) { (context) throws(Problem) in
      let limit = try context.arguments.count("limit") ?? 20
      let kept = try reconciliations(context).latest(limit: limit).kept
      context.list(
        kept.map(\.json),
        head: ["ID", "PERIOD", "ZONE", "STATE", "STARTED", "BY", "SIGNED OFF BY"],
        empty: "no reconciliations are kept; `meterbridge reconcile --keep` keeps one"
      ) { one in
        one.cells("id", "period", "zone", "state", "at", "by") + [one["signed"]["by"].string ?? ""]
      }
    },
    Command(
      name: "reconciliation show", summary: "Show the differences of a reconciliation",
      operands: ["ID"], options: ["--open: Only differences that nobody has explained"],
      details: """
        The digest of the result is what `reconciliation sign-off` needs.
        """, run: showReconciliation),
    Command(
      name: "reconciliation explain", summary: "Say why differences are as they should be",
      operands: ["ID", "DIFFERENCE…"],
      options: [
        "--reason TEXT: Why (required)",
        "--days N: Only for so many days: the differences can wait",
      ],
      details: """
        DIFFERENCE is an id that `reconciliation show` prints. The reason also holds in later reconciliations,
        as long as the difference is the same.
        """, printsLines: true
    ) { (context) throws(Problem) in
      let now = WallClock.system.now()
      let days = try context.arguments.count("days", upTo: 366)
      try print(
        reconciliations(context).explain(
          picked(context), of: context.arguments.operands[0],
          context.arguments.required("reason"),
          until: days.map { now.adding(seconds: $0 * 86_400) }, by: Context.person, at: now),
        days.map { "waits for \($0) days" } ?? "is explained", context)
    },
    Command(
      name: "reconciliation reopen", summary: "Take back what was said of differences",
      operands: ["ID", "DIFFERENCE…"], printsLines: true
    ) { (context) throws(Problem) in
      try print(
        reconciliations(context).reopen(
          picked(context), of: context.arguments.operands[0], at: WallClock.system.now()),
        "is open", context)
    },
    Command(
      name: "reconciliation sign-off", summary: "Answer for a result", operands: ["ID"],
      options: [
        "--digest DIGEST: The digest of the result that you have seen (required)",
        "--note TEXT: What you say of it; required if differences are open",
      ]
    ) { (context) throws(Problem) in
      let kept = try reconciliations(context).signOff(
        context.arguments.operands[0], digest: context.arguments.required("digest"),
        by: Context.person, note: context.arguments.value("note"), at: WallClock.system.now())
      context.print(kept.json, "signed off \(kept.id)")
    },
    Command(
      name: "reconciliation rm", summary: "Remove a reconciliation that is not signed off",
      operands: ["ID"], options: [.yes]
    ) { (context) throws(Problem) in
      let id = context.arguments.operands[0]
      let store = try reconciliations(context)
      _ = try store.get(id)
      try context.confirm("Remove the reconciliation \(id) and its differences?")
      _ = try store.remove(id)
      context.report(done: "removed \(id)")
    },
  ]

  private static func reconciliations(_ context: Context) throws(Problem) -> ReconciliationStore {
    ReconciliationStore(home: try context.home())
  }

  private static func picked(_ context: Context) -> Set<String> {
    Set(context.arguments.operands.dropFirst())
  }

  private static func print(
    _ changed: [KeptDifference], _ words: String, _ context: Context
  ) {
    for one in changed { context.print(one.json, "\(one.id) \(words)") }
  }

  private static func showReconciliation(_ context: Context) throws(Problem) {
    let store = try reconciliations(context)
    let kept = try store.get(context.arguments.operands[0])
    let isOpen = context.arguments.has("open")
    let differences = try store.differences(of: kept.id, at: WallClock.system.now()) {
      !isOpen || $0.isOpen
    }.differences
    let facts = [
      ["period", "\(kept.period) in \(kept.zone)"], ["state", kept.state.rawValue],
      ["digest", kept.digest ?? ""], ["reason", kept.reason ?? ""],
      [
        "signed off",
        kept.signOff.map { "by \($0.by) at \($0.at.text)" + ($0.note.map { ": \($0)" } ?? "") }
          ?? "",
      ],
    ].filter { !$0[1].isEmpty }
    let head = ["ID", "CLASS", "WHAT", "FROM", "TO", "CUSTOMER", "DIFFERENCE", "EXPLANATION"]
    let rows = differences.map { one in
      let what = one.difference
      return [
        one.id, what.class.rawValue, what.kind.words, what.from ?? "",
        what.to.joined(separator: " "), what.customer ?? "", what.difference?.description ?? "",
        one.explanation.map { "\($0.by): \($0.reason)" } ?? "",
      ]
    }
    let verdicts = kept.results.map { "\($0.name), \($0.from) and \($0.to): \($0.verdict)" }
    let parts =
      [Table.text(facts)] + verdicts + (rows.isEmpty ? [] : [Table.text([head] + rows)])
    context.print(
      [
        "reconciliation": kept.json, "differences": .array(differences.map(\.json)),
      ], page: parts.joined(separator: "\n\n"))
  }
}
