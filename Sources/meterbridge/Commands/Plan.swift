import Dispatcher
import Foundation
import Records
import Setup
import StepKit
import Values

extension Command {
  /// `plan`: every effect, and none performed.
  static let plan = Command(
    name: "plan", summary: "Show all that a flow connection would do with an event; do nothing",
    operands: ["FLOW-CONNECTION"],
    options: [
      .event,
      Option(name: "from-run", value: "RUN", help: "The event of this run"),
      Option(
        name: "since", value: "TIME",
        help: "The stored events since then: a time, or a while such as 30d, 12h or 45m"),
      Option(name: "read", help: "Ask the apps what can be read without changing anything"),
      Option(
        name: "exit-code",
        help: "End with 1 if something would change, 2 if the flow would not come to its end"),
    ],
    details: """
      The steps are called for real. What would change something, here or there, is only shown, as it
      would go on the wire, and answered by assumption; so is what would be read, without --read.
      Effects that depend on an assumed answer are marked with a question mark. With --since each event
      of the account is planned, heard by the flow or not, over the ID mapping as it is now.
      """
  ) { (context) throws(Problem) in
    let registry = try context.registryThatIsThere()
    let arguments = context.arguments
    let name = arguments.operands[0]
    let planner = Planner(
      registry: registry, functions: try context.functions(), mayRead: arguments.has("read"))
    var (changes, isInTrouble) = (false, false)
    let events = try events(context, registry, name)
    if events.isEmpty { Terminal.tell("no event of the account has come since then") }
    for (index, event) in events.enumerated() {
      if events.count > 1 { Progress.show("event \(index + 1) of \(events.count)") }
      let plan = try planner.plan(event, for: name)
      context.wantsJSON ? Terminal.say(plan.json) : Terminal.say(PlanPage.text(plan))
      changes = changes || plan.changes
      isInTrouble = isInTrouble || plan.isInTrouble
    }
    if arguments.has("exit-code"), isInTrouble || changes { exit(isInTrouble ? 2 : 1) }
  }

  private static func events(
    _ context: Context, _ registry: Registry, _ name: String
  ) throws(Problem) -> [JSON] {
    let arguments = context.arguments
    let ways = ["event", "from-run", "since"].filter { arguments.value($0) != nil }
    guard ways.count <= 1 else {
      throw arguments.wrong("--\(ways[0]) and --\(ways[1]) are two ways to say the event")
    }
    let book = EventStore(home: registry.home)
    guard let trigger = try registry.flows.connection(name).parts.first else { return [] }
    let account = try registry.connections.get(trigger.connection).scope
    if let id = arguments.value("from-run") {
      let run = try RunStore(home: registry.home).run(id)
      guard run.account == account else {
        throw arguments.wrong(
          "run \(id) carries an event of \(run.account), and \(name) is started by those of \(account)"
        )
      }
      return [try book.body(of: run)]
    }
    guard let since = arguments.value("since") else {
      return [try Context.document(context.event(), "the event")]
    }
    return try book.bodies(of: account, since: try arguments.time(since))
  }
}

/// A while as people write it: `30d`, `12h`, `45m`, `10s`.
enum While {
  /// Its seconds; nil where the text is no while.
  static func seconds(_ text: String) -> Int? {
    let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
      (0...1_000_000).contains(count)
    else { return nil }
    return count * unit
  }
}

extension Arguments {
  /// A time, or the one so long ago.
  func time(_ text: String) throws(Problem) -> Timestamp {
    let now = WallClock.system.now()
    guard
      let time = While.seconds(text).map({ now.adding(seconds: -$0) }) ?? Timestamp(iso: text)
    else { throw wrong("\"\(text)\" is neither a time nor a while such as 30d") }
    return time
  }
}
