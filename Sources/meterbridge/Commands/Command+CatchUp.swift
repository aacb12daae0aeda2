import Dispatcher
import Foundation
import Operations
import Setup
import Values

extension Command {
  static let catchUp = Command(
    name: "catch-up", summary: "Read events that webhooks did not bring",
    options: [
      "--connection NAME: Only the account of a connection",
      .since("Also what happened before, from then on"),
      "--until TIME: With --since: only what happened until then", .cold,
    ],
    details: """
      Asks each app for what happened since the last time: Chargebee for its events, Togai for due invoices,
      payments and new customers. Takes each event as if a webhook had brought it; one that is known starts
      nothing. A running `serve` processes the runs.

      The first time it only begins: what happened earlier is read with --since. `setting set catchUp 10m`
      lets `serve` do this by itself. Chargebee keeps events for 90 days.
      """, printsLines: true
  ) { (context) throws(Problem) in
    let registry = try context.registry()
    let catchUp = CatchUp(
      registry, caller: try context.functions(),
      intake: Intake(registry: registry, person: Context.person)
    ) { Thread.sleep(forTimeInterval: $0) }
    let plans = try PollPlan.all(registry, connection: context.arguments.value("connection"))
    let (since, until) = try (context.arguments.time("since"), context.arguments.time("until"))
    guard until == nil || since.map({ $0 < until ?? $0 }) == true else {
      throw context.arguments.wrong("--until needs --since, which is before it")
    }
    var failed: Problem?
    for plan in plans {
      do throws(Problem) {
        let show = { (result: CatchUpResult) in
          Progress.show("\(result.step) of \(result.account): \(result.read) read …")
        }
        let result =
          if let since, let until {
            try catchUp.read(plan, since: since, until: until, show: show)
          } else {
            try catchUp.read(plan, since: since, show: show)
          }
        context.print(result.json, words(result))
      } catch {
        // The other accounts are read all the same.
        Terminal.note("\(plan.step) of \(plan.connection.scope): \(error)")
        failed = failed ?? error
      }
    }
    if plans.isEmpty { Terminal.note(PollPlan.nothingToRead.description) }
    if let failed { throw failed }
  }

  private static func words(_ result: CatchUpResult) -> String {
    let what = "\(result.step) of \(result.account)"
    return result.begins
      ? "\(what): begins now; --since reads what happened earlier"
      : "\(what): \(result.read) read, \(result.new) new, \(result.runs) runs started"
  }
}
