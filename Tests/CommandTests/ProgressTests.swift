import Foundation
import Testing

@testable import meterbridge

/// The progress line.
struct ProgressTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test func progressIsShownOnTerminalOnly() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let file = "events/chargebee/customer-created/raw-webhook-on-one-line.json"
    for id in ["1", "2"] {
      let line =
        "sed s/ev_[A-Za-z0-9]*/ev_\(id)/ \(file) | \(meterbridge) dispatch --connection c"
      #expect(try Shell.run(line, home: home).status == 75)
    }
    let plan = "\(meterbridge) plan n --since 1h"
    let piped = try Shell.run(plan, home: home)
    #expect(piped.status == 0)
    #expect(piped.error == "")
    #expect(!piped.output.contains("\u{1B}"))
    // script(1) runs the command in a pseudo-terminal
    let watched = try Shell.run("TERM=xterm script -qec '\(plan)' \(home)/typescript", home: home)
    #expect(
      watched.output.contains("\r\u{1B}[K1 of 2 events\r\u{1B}[K"),
      "\(watched.output.debugDescription)")
    let dumb = try Shell.run("TERM=dumb script -qec '\(plan)' \(home)/typescript", home: home)
    #expect(!dumb.output.contains("1 of 2 events"))
    let data = try Shell.run(
      "TERM=xterm script -qec '\(plan) --json >\(home)/plan' /dev/null; cat \(home)/plan",
      home: home)
    #expect(data.output.contains("1 of 2 events"))
    let written = try Shell.run("cat \(home)/plan").output
    #expect(written == (try Shell.run("\(plan) --json", home: home).output))
  }

  @Test(arguments: [
    (0, 100, 0.5, "0 of 100 rows"), (10, 100, 0.5, "10 of 100 rows"),
    (100, 1000, 10, "100 of 1000 rows, 10/s, 1m 30s to go"),
    (99, 100, 10, "99 of 100 rows, 9.9/s, 1s to go"),
    (15, 1000, 10, "15 of 1000 rows, 1.5/s, 10m 57s to go"),
    (1000, 1000, 10, "1000 of 1000 rows, 100/s"), (1200, 1000, 10, "1200 of 1200 rows, 120/s"),
    (1, 100_000, 10, "1 of 100000 rows, 0.1/s, 277h 46m to go"),
  ])
  func meterShowsRateAndTimeToGo(done: Int, total: Int, seconds: Double, text: String) {
    #expect(ProgressMeter.text(done, of: total, .things("rows"), after: seconds) == text)
  }

  @Test func meterShowsBytesInAUnitThatFits() {
    #expect(ProgressMeter.text(50 << 20, of: nil, .bytes, after: 2) == "50 MiB, 25/s")
    #expect(ProgressMeter.text(1 << 10, of: 4 << 10, .bytes, after: 0) == "1 of 4 KiB")
  }

  /// Each command that reads or writes a lot.
  @Test func longWorkShowsProgressOnTerminal() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      file=events/chargebee/customer-created/raw-webhook-on-one-line.json
      m=\(meterbridge)
      $m flow disable n >\(home)/x
      for id in 1 2; do
        sed s/ev_[A-Za-z0-9]*/ev_$id/ $file | $m dispatch --connection c >\(home)/x 2>&1
      done
      printf 'chargebee:acme,togai:production\\nc1,t1\\nc2,t2\\n' >\(home)/links.csv
      watch() { TERM=xterm script -qec "$m $*" /dev/null; }
      watch link import \(home)/links.csv --kind customer
      watch event run --since 1h --flow-connection n
      watch store verify
      watch store compact
      watch store backup \(home)/backup
      """, home: home)
    let shown = finished.output.components(separatedBy: "\r\u{1B}[K")
    #expect(shown.contains("1 of 2 rows checked"), "\(finished)")
    #expect(shown.contains("1 of 2 events"))
    #expect(shown.filter { $0.contains(/^0 of \d+ KiB/) }.count == 3)
    #expect(
      finished.output.contains("2 events: 2 runs started, 0 had a run already, 0 are not for n"))
  }

  @Test func planIsSilentAboutWhatDoesNotConcernTheFlow() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      file=events/chargebee/customer-created/raw-webhook-on-one-line.json
      \(meterbridge) dispatch --connection c -e $file >\(home)/x 2>&1
      sed 's/customer_created/coupon_created/; s/"ev_/"ev_other/' $file \\
        | \(meterbridge) dispatch --connection c >\(home)/x 2>&1
      \(meterbridge) plan n --since 1h
      """, home: home)
    #expect(finished.output.split(separator: "\n").filter { $0.hasPrefix("plan of") }.count == 1)
    #expect(!finished.output.contains("ev_other"))
    #expect(finished.error == "1 of 2 events do not concern n\n")
  }
}
