import Dispatcher
import Operations
import Setup
import StepKit
import Values

extension Command {
  static let metrics = Command(
    name: "metrics", summary: "Show metrics of the home in Prometheus format",
    details: """
      Counts what the home keeps (30 days by default, see `serve --keep-days`), so the numbers may fall;
      meant for the textfile collector of a node exporter, for example. `serve` exposes what it counts and
      times at http://ADDRESS/metrics. Neither contains secrets or personal data.
      """, printsLines: true
  ) { (context) throws(Problem) in
    let exposition = try Exposition(
      of: context.home(), version: Version.text, now: WallClock.system.now())
    guard context.wantsJSON else { return Terminal.print(String(exposition.text.dropLast())) }
    for series in exposition.json { Terminal.print(series) }
  }
}
