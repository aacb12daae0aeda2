import Dispatcher
import Step

extension Command {
  /// `event list` and `event show`.
  static let eventCommands = [
    Command(
      name: "event list", summary: "List the events that came in, the latest last",
      options: [
        Option(name: "unheard", help: "Only those to which no flow listened"),
        Option(name: "limit", value: "N", help: "Only the latest N; 50 if nothing is said"),
      ],
      details: """
        An event of a type that no flow connection listens to is taken and kept like any other, and
        starts no run. `meterbridge plan --since` shows what a flow would have done with it.
        """
    ) { (context) throws(Problem) in
      let limit = try context.arguments.count("limit") ?? 50
      let isUnheard = context.arguments.has("unheard")
      let events = try EventBook(home: context.home()).entries(limit: limit) {
        !isUnheard || $0.runs.isEmpty
      }
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
      let event = try EventBook(home: context.home()).entry(context.arguments.operands[0])
      Terminal.say(event.body)
    },
  ]
}
