import Dispatcher
import Glibc
import Operations
import Records
import Setup
import StepKit
import Values

extension Command {
  /// `run list`: the runs that there are, and those that come.
  static let runList = Command(
    name: "run list", summary: "List the runs, the latest last",
    options: [
      Option(name: "flow-connection", value: "NAME", help: "Only those of this flow connection"),
      Option(
        name: "status", value: "STATUS", help: "pending, success, stopped, failed or parked"),
      Option(name: "parked", help: "Only those with a change that a person must settle"),
      Option(
        name: "reason", value: "TEXT",
        help: "Only those whose reason has this text in it, such as \"not synced\""),
      Option(
        name: "since", value: "TIME",
        help: "Only those made since then: a time, or a while such as 30d, 12h or 45m"),
      Option(name: "until", value: "TIME", help: "Only those made until then"),
      Option(
        name: "customer", value: "ACCOUNT/ID",
        help: "Only those about this customer, such as chargebee:acme/cus_1"),
      Option(name: "limit", value: "N", help: "Only the latest N; 50 if nothing is said"),
      Option(name: "follow", letter: "f", help: "Go on with those that come and that change"),
    ],
    details: """
      A customer is known by each of its ids in the ID mapping, and by those of its accounts. A run is
      about it if its event is, or what one of its steps gave. With --follow a run is shown anew each
      time that something of it was written down.
      """, run: list)

  private static func list(_ context: Context) throws(Problem) {
    let registry = try context.registryThatIsThere()
    let filter = try filter(context, registry.home)
    let limit = try context.arguments.count("limit") ?? 50
    // It begins before what is there is read, so that nothing falls in between.
    var feed = context.arguments.has("follow") ? try RunFeed(registry, filter) : nil
    let runs = try registry.runs(filter, limit: limit)
    // A flow connection that is gone has left its runs
    if runs.isEmpty, let name = filter.flowConnection { _ = try registry.flows.connection(name) }
    let obstacles = RunStore.obstacles(among: try RunStore(home: registry.home).open())
    let discretion = try Redactor(home: registry.home)
    let documents = try runs.map { (run) throws(Problem) in
      try discretion.shown(run).run.json(behind: obstacles[run.id])
    }
    if feed == nil || !documents.isEmpty {
      context.list(documents, head: head, empty: "no run", row: row)
    }
    // Who reads no longer ends this, as it ends `tail -f`.
    signal(SIGPIPE, SIG_DFL)
    while let runs = try feed?.next() {
      for run in runs {
        let json = try discretion.shown(run).run.json
        context.wantsJSON ? Terminal.say(json) : Terminal.say(Table.text([row(json)]))
      }
    }
  }

  private static func filter(_ context: Context, _ home: Home) throws(Problem) -> RunFilter {
    let arguments = context.arguments
    var filter = RunFilter()
    filter.flowConnection = arguments.value("flow-connection")
    guard !arguments.has("parked") || !arguments.has("status") else {
      throw arguments.wrong("--parked is a --status")
    }
    guard !arguments.has("follow") || !arguments.has("until") else {
      throw arguments.wrong("--follow goes on, and --until would let nothing through")
    }
    let wanted = arguments.has("parked") ? "parked" : arguments.value("status")
    filter.status = try wanted.map { (text) throws(Problem) in
      guard let status = Records.Run.Status(rawValue: text) else {
        throw arguments.wrong("there is no status \"\(text)\"")
      }
      return status
    }
    filter.reason = arguments.value("reason")
    filter.since = try arguments.value("since").map { (text) throws(Problem) in
      try arguments.time(text)
    }
    filter.until = try arguments.value("until").map { (text) throws(Problem) in
      try arguments.time(text)
    }
    filter.customer = try arguments.value("customer").map { (text) throws(Problem) in
      let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2, parts[0].contains(":") else {
        throw arguments.wrong(
          "\"\(text)\" must be of the form account/id, such as chargebee:acme/cus_1")
      }
      return try CustomerIDs(parts[0], parts[1], in: home)
    }
    return filter
  }

  private static let head = ["RUN", "STATUS", "TIMESTAMP", "FLOW CONNECTION", "REASON"]

  private static func row(_ run: JSON) -> [String] {
    [
      run["id"].string ?? "", run["status"].string ?? "", run["at"].string ?? "",
      run["flowConnection"].string ?? "",
      run["waitsBehind"].string.map { "waits behind \($0)" } ?? run["reason"].string ?? "",
    ]
  }
}

extension Records.Run {
  /// The run as it is shown, with the run before it in its lane for which it waits.
  func json(behind other: String?) -> JSON {
    guard let other, case .object(var members) = json else { return json }
    members["waitsBehind"] = .string(other)
    return .object(members)
  }
}
