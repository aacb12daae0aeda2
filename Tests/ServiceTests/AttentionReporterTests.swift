import Records
import Service
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

/// What `serve` says of things that need attention.
struct AttentionReporterTests {
  @Test func newItemIsReportedOnceWithTheCommandThatHelps() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"fail","reason":"no"}'"#)
    _ = try fixture.dispatch()
    let entries = ConcurrentList<LogEntry>()
    var options = TestHome.options
    options.report = { entries.add($0) }
    try fixture.serve(options) { _ in
      try waitUntil {
        entries.all.contains { $0.message == "1 thing needs attention; `meterbridge attention`" }
      }
      try Pauses(home: fixture.home).pause("b", "Beta refused the key", at: WallClock.system.now())
      let paused = "paused b: Beta refused the key; `meterbridge connection test b`"
      try waitUntil { entries.all.contains { $0.message == paused } }
      _ = try fixture.dispatch(["id": "e2", "type": "made", "about": "y"])
      try waitUntil { entries.all.contains { $0.message.contains("`meterbridge run retry run.") } }
      #expect(entries.all.count { $0.message == paused } == 1)
    }
  }
}
