import Foundation
import Operations
import Records
import Setup
import Values

extension Command {
  static let runList = Command(
    name: "run list", summary: "Show runs, the latest last",
    options: [
      "--flow-connection NAME: Only runs of this flow connection",
      "--status STATUS: Only runs of this status, such as failed or not_synced",
      "--parked: Same as --status parked: only runs with an effect to settle",
      "--reason TEXT: Only runs whose reason or warning contains this text, such as \"not synced\"",
      .since("Only runs started since then"),
      "--until TIME: Only runs started until then",
      "--customer ACCOUNT/ID: Only runs about this customer, such as chargebee:acme/cus_1",
      .limit("Only the latest N; default: 50"),
      "-f --follow: Keep running and show new and changed runs",
    ],
    details: """
      --customer accepts any id that the ID mapping has for the customer or its Togai accounts. It selects
      runs whose event, or the output of one of whose steps, is about the customer. --follow shows a run
      again each time it changes.
      """, printsLines: true, run: list)

  private static func list(_ context: Context) throws(Problem) {
    let registry = try context.registry()
    let filter = try runFilter(context, registry.home)
    let limit = try context.arguments.count("limit") ?? 50
    // The feed begins before the runs are read, so that none is missed in between
    var feed = context.arguments.has("follow") ? try RunFeed(registry, filter) : nil
    let runs = try registry.runs(filter, limit: limit)
    // The runs of a flow connection that was removed are kept
    if runs.isEmpty, let name = filter.flowConnection { _ = try registry.flows.connection(name) }
    let documents = try registry.shown(runs)
    let discretion = try Redactor(home: registry.home)
    if feed == nil || !documents.isEmpty {
      context.list(documents, head: head, empty: "no runs", row: row)
    }
    // A closed pipe ends the command, as it ends `tail -f`
    signal(SIGPIPE, SIG_DFL)
    while let runs = try feed?.next() {
      for run in runs {
        let json = try discretion.shown(run).run.json()
        context.print(json, page: Table.text([row(json)]))
      }
    }
  }

  /// The runs that the options select.
  static func runFilter(_ context: Context, _ home: Home) throws(Problem) -> RunFilter {
    let arguments = context.arguments
    for (one, other) in [("parked", "status"), ("follow", "until")]
    where arguments.has(one) && arguments.has(other) {
      throw arguments.wrong("--\(one) and --\(other) cannot be combined")
    }
    var filter = RunFilter()
    filter.flowConnection = arguments.value("flow-connection")
    let wanted = arguments.has("parked") ? "parked" : arguments.value("status")
    filter.status = try wanted.map { (text) throws(Problem) in
      guard let status = Run.Status(rawValue: text) else {
        throw arguments.wrong("unknown status \"\(text)\"")
      }
      return status
    }
    filter.reason = arguments.value("reason")
    filter.since = try arguments.time("since")
    filter.until = try arguments.time("until")
    filter.customer = try arguments.value("customer").map { (text) throws(Problem) in
      let (account, id) = try arguments.accountID(text)
      return try CustomerIDs(account, id, in: home)
    }
    return filter
  }

  private static let head = ["RUN", "STATUS", "TIMESTAMP", "FLOW CONNECTION", "CUSTOMER", "REASON"]

  private static func row(_ run: JSON) -> [String] {
    run.cells("id", "status", "at", "flowConnection", "customer")
      + [
        run["waitsBehind"].string.map { "waits behind \($0)" }
          ?? run["warning"].string.map { "warning: \($0)" } ?? run["reason"].string ?? ""
      ]
  }
}
