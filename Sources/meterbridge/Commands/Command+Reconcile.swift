import Dispatcher
import Foundation
import Operations
import Setup
import StepKit
import Values

extension Command {
  static let reconcile = Command(
    name: "reconcile", summary: "Compare the invoices of two apps",
    options: [
      "--period PERIOD: 2026-10, 2026 or 2026-10-01..2026-10-15; default: this month",
      "--zone ZONE: The time zone in which days begin, such as America/New_York; default: UTC",
      "--flow-connection NAME: Only the accounts of a flow connection",
      "--format FORMAT: text, json, csv or html; default: text",
      "--output FILE: Writes to a file instead of standard output",
      "--keep: Keep the result, which the console shows", .cold,
    ],
    details: """
      Reads the invoices of both accounts of each flow connection that bills, and the ID mapping. Lists what
      is missing, billed twice, not linked, and where currency, total, amount due, state, customer or month
      differ. What is younger than a day may be on its way, and is marked as timing. Changes nothing.

      The control totals tie by currency: all invoices of the period are synced, excluded (drafts, orders,
      merged, void or empty ones) or unsynced.

      Exits with 0 if the accounts agree, and with 1 if they differ.
      """
  ) { (context) throws(Problem) in
    let arguments = context.arguments
    let format = arguments.value("format") ?? (context.wantsJSON ? "json" : "text")
    guard ["text", "json", "csv", "html"].contains(format) else {
      throw arguments.wrong("--format is text, json, csv or html")
    }
    let registry = try context.registry()
    let reconciler = Reconciler(registry, caller: try context.functions()) {
      Thread.sleep(forTimeInterval: $0)
    }
    let pairs = try reconciler.pairs(flowConnection: arguments.value("flow-connection"))
    guard !pairs.isEmpty else { throw Reconciler.nothingToCompare }
    let period = try period(arguments)
    var reports: [ReconciliationReport] = []
    for pair in pairs {
      reports.append(
        try reconciler.reconcile(pair, period) { Progress.show("\($0) invoices read …") })
    }
    if arguments.has("keep") {
      let store = ReconciliationStore(home: registry.home)
      let now = WallClock.system.now()
      let kept = try store.begin(
        period, flowConnection: arguments.value("flow-connection"), by: Context.person, at: now)
      _ = try store.end(kept, with: reports, at: now)
    }
    let text = reports.map { document(of: $0, format) }.joined()
    if let file = arguments.value("output") {
      try Files.write(Array(text.utf8), to: file)
    } else {
      Terminal.print(page: String(text.replacing("\r\n", with: "\n").dropLast()))
    }
    if !reports.allSatisfy(\.agrees) { exit(1) }
  }

  private static func period(_ arguments: Arguments) throws(Problem) -> Period {
    let name = arguments.value("zone") ?? "UTC"
    guard let zone = TimeZone(identifier: name) else {
      throw arguments.wrong("there is no time zone \"\(name)\"; write for example America/New_York")
    }
    guard let text = arguments.value("period") else {
      return try Period(monthOf: WallClock.system.now(), in: zone)
    }
    return try Period(text, in: zone)
  }

  private static func document(of report: ReconciliationReport, _ format: String) -> String {
    switch format {
    case "json": return report.json.text + "\n"
    case "csv": return report.csv
    case "html": return report.html
    default:
      let parts = [
        "\(report.name), \(report.period.text) in \(report.period.zoneName)\n"
          + "\(report.from) and \(report.to)", Table.text(report.totalRows),
        report.differences.isEmpty ? nil : Table.text(report.differenceRows), report.verdict,
      ]
      return parts.compactMap(\.self).joined(separator: "\n\n") + "\n"
    }
  }
}
