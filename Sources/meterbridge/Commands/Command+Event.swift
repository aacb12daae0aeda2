import Dispatcher
import Operations
import Records
import Setup
import Values

extension Command {
  static let eventCommands = [
    Command(
      name: "event list", summary: "Show events, the latest last",
      options: [
        "--unheard: Only events that no flow listened for",
        "--unreadable: Only events that could not be read, with the reason",
        "--type EVENT-TYPE: Only events of this type, as the app names it",
        .since("Only events received since then"),
        .limit("Only the latest N; default: 50"),
      ],
      details: """
        An event that no flow connection listens for is stored like any other, and starts no run.
        `meterbridge plan --since` shows what a flow would have done with it.
        An event that could not be read, such as one that is not valid JSON, is kept until `event rm`.
        """, printsLines: true
    ) { (context) throws(Problem) in
      let arguments = context.arguments
      let unreadable = UnreadableEvents(home: try context.home())
      guard !arguments.has("unreadable") else { return try list(unreadable, context) }
      let (isUnheard, type) = (arguments.has("unheard"), arguments.value("type"))
      let events = try EventStore(home: context.home()).entries(
        limit: arguments.count("limit") ?? 50, since: arguments.time("since")
      ) { (!isUnheard || $0.runs.isEmpty) && (type == nil || $0.type == type) }
      context.list(
        events.map(try context.registry().shown),
        head: ["EVENT", "TIMESTAMP", "TYPE", "CONNECTION", "RUNS"],
        empty: "no events"
      ) { event in
        let runs = event["runs"].array?.compactMap(\.string) ?? []
        return event.cells("event", "at", "type", "connection")
          + [runs.isEmpty ? "none: no flow listened" : runs.joined(separator: ", ")]
      }
      let count = try unreadable.count()
      if count > 0 {
        Terminal.note("\(count) events could not be read: `meterbridge event list --unreadable`")
      }
    },
    Command(
      name: "event show", summary: "Show an event as it was received", operands: ["EVENT"],
      details:
        "Prints the body as one line of JSON, which `meterbridge plan` and `dispatch` accept as input."
    ) { (context) throws(Problem) in
      let (home, id) = (try context.home(), context.arguments.operands[0])
      if let event = try UnreadableEvents(home: home).entry(id) {
        Terminal.note("\(event.reason); \(event.size) bytes were received")
        return Terminal.print(String(decoding: event.body, as: UTF8.self))
      }
      Terminal.print(try EventStore(home: home).entry(id).body)
    },
    Command(
      name: "event rm", summary: "Remove events that could not be read", operands: ["EVENT…"],
      details: """
        For events of `event list --unreadable`, once what they say is done. The first 8 characters of an
        event are enough. To process one, correct what `event show` prints, and use `dispatch --event FILE`.
        """
    ) { (context) throws(Problem) in
      let unreadable = UnreadableEvents(home: try context.home())
      let events = try context.arguments.operands.map { (id) throws(Problem) in
        guard let event = try unreadable.entry(id) else {
          throw Problem(.noInput, "there is no event \"\(id)\" that could not be read")
        }
        return event
      }
      for event in events {
        try unreadable.remove(event)
        context.print(event.json, "removed \(event.id)")
      }
    },
    Command(
      name: "event run", summary: "Start runs for stored events",
      operands: ["EVENT…?"],
      options: [
        "--flow-connection NAME!: The flow connection that runs",
        .since("All events received since then"),
      ],
      details: """
        For events that were received before the flow connection was enabled, or while it was disabled.
        Skips events that it does not listen for, and those that it already has a run for (see `run retry`).
        `plan --since` shows beforehand what would be done. A running `serve` processes the runs.
        """, printsLines: true, run: runLate),
  ]

  private static func list(_ events: UnreadableEvents, _ context: Context) throws(Problem) {
    let (since, limit) = (
      try context.arguments.time("since"), try context.arguments.count("limit")
    )
    let entries = try events.entries().filter { event in since.map { event.at >= $0 } ?? true }
    context.list(
      entries.suffix(limit ?? 50).map(\.json),
      head: ["EVENT", "TIMESTAMP", "CONNECTION", "BYTES", "REASON"], empty: "no events"
    ) { event in
      event.cells("event", "at", "connection") + [event["bytes"].text] + event.cells("reason")
    }
  }

  private static func runLate(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let registry = try context.registry()
    let flow = try registry.flows.connection(arguments.required("flow-connection"))
    let name = flow.name
    let intake = Intake(registry: registry, person: Context.person)
    let (events, areNamed) = try lateEvents(arguments, registry, flow)
    let meter = events.count > 1 ? ProgressMeter(.things("events"), of: events.count) : nil
    var (count, unheard) = (0, 0)
    for event in events {
      meter?.add()
      do throws(Problem) {
        guard let run = try intake.start(name, for: event) else { continue }
        count += 1
        context.print(run.json, "\(run.id) is pending")
      } catch {
        // --since selects only the events that the flow connection listens for
        guard error.kind == .refused, !areNamed else { throw error }
        unheard += 1
      }
    }
    if count > 0, !flow.isEnabled {
      Terminal.note("\(name) is disabled; the runs wait until `meterbridge flow enable \(name)`")
    }
    if count == 0 { Terminal.note("no runs were started: no event was waiting for \(name)") }
    Terminal.note(totals(events.count, started: count, unheard: unheard, of: name))
  }

  /// What became of the events, in a line.
  private static func totals(
    _ events: Int, started: Int, unheard: Int, of name: String
  ) -> String {
    let known = events - started - unheard
    return "\(events) events: \(started) runs started, \(known) had a run already,"
      + " \(unheard) are not for \(name)"
  }

  private static func lateEvents(
    _ arguments: Arguments, _ registry: Registry, _ flow: FlowConnection
  ) throws(Problem) -> (events: [EventStore.Entry], areNamed: Bool) {
    let book = EventStore(home: registry.home)
    guard arguments.operands.isEmpty == arguments.has("since") else {
      throw arguments.wrong("give either events or --since")
    }
    guard let start = try arguments.time("since") else {
      return (try arguments.operands.map { (id) throws(Problem) in try book.entry(id) }, true)
    }
    guard let account = try registry.account(of: flow) else { return ([], false) }
    return (try book.entries(since: start) { $0.account == account }, false)
  }
}
