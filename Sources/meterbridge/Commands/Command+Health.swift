import Foundation
import Operations
import Setup
import Values

extension Command {
  static let doctor = Command(
    name: "doctor", summary: "Check the installation",
    options: ["--offline: Send no requests to apps or remote steps"],
    details: """
      Checks the permissions of the home, the store, the disk, the limits of the system, the key of the
      secrets, the clock, the process that runs flows, the steps that flow connections use (each is
      called once), the connections (each key is tested with one read request) and the webhooks. Changes
      nothing.

      Each line begins with ok, warning or wrong, and ends with what to do. Exits with 1 if a line is wrong.
      """, printsLines: true
  ) { (context) throws(Problem) in
    try context.requireFiles()
    let path = context.hasHome ? try context.readablePath() : context.homePath
    let isCopy = path != context.homePath
    let doctor = Doctor(
      home: path, keyFile: Context.keyFile ?? (isCopy ? "\(context.homePath)/key" : nil),
      catalog: try context.catalog(), caller: try context.functions(),
      isOffline: context.arguments.has("offline"))
    var grades: Set<Finding.Grade> = []
    let tell = { (finding: Finding) in
      grades.insert(finding.grade)
      let advice = finding.advice.map { "; \($0)" } ?? ""
      context.print(
        finding.json,
        "\(finding.grade.rawValue.padded(to: 9))\(finding.subject): \(finding.words)\(advice)")
    }
    if isCopy {
      tell(
        Finding(
          .warning, "home", "\(context.homePath) is read-only, so a copy of it is examined",
          advice: "`serve` needs a home that it can write to"))
    }
    doctor.examine(begin: { Progress.show("\($0) …") }, tell)
    if grades.contains(.wrong) { exit(1) }
  }

  static let metrics = Command(
    name: "metrics", summary: "Show metrics of the home in Prometheus format",
    details: """
      Counts what the home keeps (30 days by default, see `serve --keep-days`), so the numbers may fall;
      meant for the textfile collector of a node exporter, for example. `serve` exposes what it counts and
      times at http://ADDRESS/metrics. Neither contains secrets or personal data.
      """, printsLines: true
  ) { (context) throws(Problem) in
    let exposition = try Exposition(
      of: Attention(context.registry()), version: Version.text, now: WallClock.system.now())
    guard context.wantsJSON else { return Terminal.print(page: String(exposition.text.dropLast())) }
    for series in exposition.json { Terminal.print(series) }
  }
}
