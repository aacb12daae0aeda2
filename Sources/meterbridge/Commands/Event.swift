import Dispatcher
import Records
import Setup
import StepKit
import Values

extension Command {
  /// `event list` and `event show`.
  static let eventCommands = [
    Command(
      name: "event list", summary: "List the events that came in, the latest last",
      options: [
        Option(name: "unheard", help: "Only those to which no flow listened"),
        Option(
          name: "type", value: "EVENT-TYPE", help: "Only those of this type, as their app calls it"),
        Option(
          name: "since", value: "TIME",
          help: "Only those taken since then: a time, or a while such as 30d, 12h or 45m"),
        Option(name: "limit", value: "N", help: "Only the latest N; 50 if nothing is said"),
      ],
      details: """
        An event of a type that no flow connection listens to is taken and kept like any other, and
        starts no run. `meterbridge plan --since` shows what a flow would have done with it.
        """
    ) { (context) throws(Problem) in
      let arguments = context.arguments
      let limit = try arguments.count("limit") ?? 50
      let since = try arguments.value("since").map { (text) throws(Problem) in
        try arguments.time(text)
      }
      let (isUnheard, type) = (arguments.has("unheard"), arguments.value("type"))
      let events = try EventStore(home: context.homeThatIsThere()).entries(
        limit: limit, since: since
      ) { (!isUnheard || $0.runs.isEmpty) && (type == nil || $0.type == type) }
      context.list(
        events.map(\.json),
        head: ["EVENT", "TIMESTAMP", "TYPE", "CONNECTION", "RUNS"],
        empty: "no event"
      ) { event in
        let runs = event["runs"].array?.compactMap(\.string) ?? []
        return [
          event["event"].string ?? "", event["at"].string ?? "", event["type"].string ?? "",
          event["connection"].string ?? "",
          runs.isEmpty ? "none: no flow listened" : runs.joined(separator: ", "),
        ]
      }
    },
    Command(
      name: "event show", summary: "Show an event as it came", operands: ["EVENT"],
      details:
        "The body is written as one line of JSON, as `meterbridge plan` and `dispatch` take it."
    ) { (context) throws(Problem) in
      let event = try EventStore(home: context.homeThatIsThere()).entry(
        context.arguments.operands[0])
      Terminal.say(event.body)
    },
    Command(
      name: "event run", summary: "Start runs for events that came too early for a flow",
      operands: ["EVENT…?"],
      options: [
        Option(
          name: "flow-connection", value: "NAME", isRequired: true, help: "What is to run"),
        Option(
          name: "since", value: "TIME",
          help: "All events since then that it listens to: a time, or a while such as 30d"),
      ],
      details: """
        For events that came before the flow connection was enabled, or while it was not. What one of its
        runs carries already is left alone: `run retry` is for those. `plan --since` shows before what
        would be done. A dispatcher that serves this home takes the runs up.
        """, run: runLate),
  ]

  private static func runLate(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let registry = try context.registryThatIsThere()
    let flow = try registry.flows.connection(arguments.required("flow-connection"))
    let name = flow.name
    let intake = Intake(registry: registry, person: Context.person)
    let (events, areNamed) = try lateEvents(arguments, registry, name)
    var count = 0
    for event in events {
      do throws(Problem) {
        guard let run = try intake.start(name, for: event) else { continue }
        count += 1
        context.wantsJSON ? Terminal.say(run.json) : Terminal.say("\(run.id) is pending")
      } catch {
        // Of all that came, only those that it listens to are meant
        guard error.kind == .refused, !areNamed else { throw error }
      }
    }
    if count > 0, !flow.isEnabled {
      Terminal.tell("\(name) is disabled: they wait until `meterbridge flow enable \(name)`")
    }
    if count == 0 { Terminal.tell("no run was started: none of these events waited for \(name)") }
  }

  private static func lateEvents(
    _ arguments: Arguments, _ registry: Registry, _ name: String
  ) throws(Problem) -> (events: [EventStore.Entry], areNamed: Bool) {
    let book = EventStore(home: registry.home)
    guard arguments.operands.isEmpty == arguments.has("since") else {
      throw arguments.wrong("say which events, or --since")
    }
    guard let since = arguments.value("since") else {
      return (try arguments.operands.map { (id) throws(Problem) in try book.entry(id) }, true)
    }
    let start = try arguments.time(since)
    guard let trigger = try registry.flows.connection(name).parts.first else { return ([], false) }
    let account = try registry.connections.get(trigger.connection).scope
    return (try book.entries(since: start) { $0.account == account }, false)
  }
}
