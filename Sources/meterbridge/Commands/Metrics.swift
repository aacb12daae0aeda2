import Dispatcher
import Operations
import Setup
import StepKit
import Values

extension Command {
  /// `metrics`: what the home holds, in numbers.
  static let metrics = Command(
    name: "metrics", summary: "Show what the home holds, as Prometheus reads it",
    details: """
      The numbers are of what is kept (30 days, unless `serve --keep-days` says otherwise), so they may
      fall: for the textfile collector of a node exporter, say. What was counted and timed while
      webhooks were served is at http://ADDRESS/metrics of `serve`, for who asks from this machine, or
      where `serve --metrics-listen` says. Neither holds a secret or anybody's data.
      """
  ) { (context) throws(Problem) in
    let exposition = try Exposition(
      of: context.homeThatIsThere(), version: Version.text, now: WallClock.system.now())
    guard context.wantsJSON else { return Terminal.say(String(exposition.text.dropLast())) }
    for series in exposition.json { Terminal.say(series) }
  }
}
