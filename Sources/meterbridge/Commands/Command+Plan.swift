import Dispatcher
import Foundation
import Operations
import Records
import Setup
import Values

extension Command {
  static let plan = Command(
    name: "plan", summary: "Show what a flow connection would do with an event",
    operands: ["FLOW-CONNECTION"],
    options: [
      .event,
      "--from-run RUN: Use the event of this run",
      .since("Use the stored events since then"),
      "--read: Send read requests to the apps",
      "--exit-code: Exit with 1 if something would change, with 2 if the flow would not complete",
    ],
    details: """
      Calls the steps, but performs no effects: requests that would change something, and without --read
      also those that only read, are shown as they would be sent, and answered by assumption. An effect that
      depends on an assumed answer is marked with a question mark.

      With --since, plans each stored event of the account, whether or not the flow listened for it, with the
      current ID mapping. Events of which the trigger makes nothing are only counted.
      """, printsLines: true
  ) { (context) throws(Problem) in
    let registry = try context.registry()
    let arguments = context.arguments
    let flow = try registry.flows.connection(arguments.operands[0])
    let planner = Planner(
      registry: registry, caller: try context.functions(), mayRead: arguments.has("read"))
    var (changes, needsAttention) = (false, false)
    let events = try events(context, registry, flow)
    if events.isEmpty { Terminal.note("no events of the account since then") }
    let isSelection = arguments.has("since")
    let meter = events.count > 1 ? ProgressMeter(.things("events"), of: events.count) : nil
    var skipped = 0
    for event in events {
      meter?.add()
      let plan = try planner.plan(event, for: flow.name)
      guard !isSelection || plan.concernsFlow else {
        skipped += 1
        continue
      }
      context.print(plan.json, page: PlanPage.text(plan))
      changes = changes || plan.changes
      needsAttention = needsAttention || plan.needsAttention
    }
    if skipped > 0 {
      Terminal.note("\(skipped) of \(events.count) events do not concern \(flow.name)")
    }
    if arguments.has("exit-code"), needsAttention || changes { exit(needsAttention ? 2 : 1) }
  }

  private static func events(
    _ context: Context, _ registry: Registry, _ flow: FlowConnection
  ) throws(Problem) -> [JSON] {
    let arguments = context.arguments
    let ways = ["event", "from-run", "since"].filter { arguments.value($0) != nil }
    guard ways.count <= 1 else {
      throw arguments.wrong("--\(ways[0]) and --\(ways[1]) cannot be combined")
    }
    let book = EventStore(home: registry.home)
    guard let account = try registry.account(of: flow) else { return [] }
    if let id = arguments.value("from-run") {
      let run = try RunStore(home: registry.home).run(id)
      guard run.account == account else {
        throw arguments.wrong(
          "run \(id) has an event of \(run.account), but \(flow.name) listens to \(account)")
      }
      return [try book.body(of: run)]
    }
    guard let since = try arguments.time("since") else {
      return [try Context.document(context.event(), "the event")]
    }
    return try book.bodies(of: account, since: since)
  }
}
