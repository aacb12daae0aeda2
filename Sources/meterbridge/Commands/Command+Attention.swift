import Foundation
import Operations
import Records
import Setup
import Values

extension Command {
  /// The causes in a sentence of two lines.
  private static let causeList: String = {
    let names = AttentionCause.allCases.map(\.rawValue)
    let half = names.count / 2
    return "The causes are \(names.prefix(half).joined(separator: ", ")),\n"
      + names.dropFirst(half).joined(separator: ", ") + "."
  }()

  private static let causes = AttentionCause.allCases.map(\.rawValue).joined(separator: ", ")

  static let attentionCommands = [
    Command(
      name: "attention", summary: "Show what a person must look at",
      options: [
        "--cause CAUSE: Only this cause",
        "--flow-connection NAME: Only runs of this flow connection",
        .since("Only what began since then"),
        "--reason TEXT: Only what has this text in its reason",
        .limit("Only the oldest N of each cause; default: 20, with --json all"),
      ],
      details: """
        \(causeList)

        Each cause has a list, with the command that helps. An item leaves the list when its run is retried or
        its cause ends, or by `attention acknowledge`. Exits with 1 if the list is not empty.

        An account counts as silent if the setting `silence` of its connection, or else of the home, allows less
        time without a webhook.
        """, printsLines: true, run: showAttention),
    Command(
      name: "attention acknowledge", summary: "Take items off the attention list",
      operands: ["ITEM…?"],
      options: [
        "--all: All items that the other options select",
        "--cause CAUSE: Only this cause",
        "--flow-connection NAME: Only runs of this flow connection",
        .since("Only what began since then"),
        "--reason TEXT: Only what has this text in its reason", .yes,
      ],
      details: """
        ITEM is an id of the list, such as the id of a run. A run that failed or is not synced keeps its status,
        and its activity log names you. Changes in doubt and held changes need a decision, and are refused.
        """, printsLines: true, run: acknowledge),
    Command(
      name: "attention assign", summary: "Say who looks after items", operands: ["ITEM…"],
      options: [
        "--to NAME: The operator, as `operator list` shows them",
        "--to-nobody: Nobody looks after them any more",
      ], printsLines: true, run: assign),
  ]

  private static func showAttention(_ context: Context) throws(Problem) {
    let (_, items) = try attention(context)
    if context.wantsJSON {
      for item in items.prefix(try context.arguments.count("limit") ?? .max) {
        Terminal.print(item.json)
      }
    } else if items.isEmpty {
      Terminal.note("nothing needs attention (in \(context.homePath))")
    } else {
      Terminal.print(
        styled: AttentionPage.text(
          items, limit: try context.arguments.count("limit") ?? 20, now: WallClock.system.now()))
    }
    if !items.isEmpty { exit(1) }
  }

  private static func acknowledge(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    guard arguments.operands.isEmpty == arguments.has("all") else {
      throw arguments.wrong("give either items or --all")
    }
    let (attention, items) = try attention(context)
    let chosen =
      arguments.has("all")
      ? items
      : try arguments.operands.map { (name) throws(Problem) in try item(name, in: items) }
    if arguments.has("all") {
      try context.confirm("Acknowledge \(chosen.count) of \(items.count) items?")
    }
    var refused: [Problem] = []
    for item in chosen {
      do throws(Problem) {
        try attention.acknowledge(item, by: Context.person, now: WallClock.system.now())
        context.print(item.json, "\(item.id) is acknowledged")
      } catch {
        guard error.kind == .refused else { throw error }
        refused.append(error)
      }
    }
    if let first = refused.first {
      throw Problem(
        .refused, refused.count == 1 ? "\(first)" : "\(first); and \(refused.count - 1) more")
    }
  }

  private static func assign(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    guard arguments.has("to") != arguments.has("to-nobody") else {
      throw arguments.wrong("give either --to or --to-nobody")
    }
    let (attention, items) = try attention(context)
    let person = try arguments.value("to").map { (name) throws(Problem) in
      try OperatorStore(home: context.home()).get(name).name
    }
    for name in arguments.operands {
      let item = try item(name, in: items)
      try attention.assign(item, to: person, by: Context.person, now: WallClock.system.now())
      context.print(item.json, "\(item.id) is assigned to \(person ?? "nobody")")
    }
  }

  /// The item with an id, or of a subject.
  private static func item(
    _ name: String, in items: [AttentionItem]
  ) throws(Problem) -> AttentionItem {
    guard let item = items.first(where: { $0.id == name || $0.subject == name }) else {
      throw Problem(
        .noInput, "\"\(name)\" does not need attention; `meterbridge attention` lists what does")
    }
    return item
  }

  /// The items that the options select.
  private static func attention(
    _ context: Context
  ) throws(Problem) -> (Attention, [AttentionItem]) {
    let arguments = context.arguments
    let cause = try arguments.value("cause").map { (text) throws(Problem) in
      guard let cause = AttentionCause(rawValue: text) else {
        throw arguments.wrong("unknown cause \"\(text)\"; the causes are \(causes)")
      }
      return cause
    }
    let (name, reason) = (arguments.value("flow-connection"), arguments.value("reason"))
    let since = try arguments.time("since")
    let now = WallClock.system.now()
    let attention = Attention(try context.registry())
    try attention.completeMarks(now: now)
    let items = try attention.items(at: now).filter { item in
      cause ?? item.cause == item.cause && (name == nil || item.flowConnection == name)
        && since ?? item.since <= item.since
        && reason.map { item.reason.lowercased().contains($0.lowercased()) } ?? true
    }
    return (attention, items)
  }
}
