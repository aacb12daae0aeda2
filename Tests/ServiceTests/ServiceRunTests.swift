import Catalog
import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Processes
import Records
import Setup
import StepKit
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Service

/// Runs that a service executes.
struct ServiceRunTests {
  /// inotify reports a write before it can be read, and does not report it again.
  @Test func slowWriteOfAnotherProcessIsNoticed() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"fail","reason":"no"}'"#)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .failed)
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"done","output":{}}'"#)
    let disk = SlowDisk()
    let other = try Home(at: fixture.home.path, disk: disk)
    // Longer than the second after each look in which the service ignores changes: it is notified of
    // the write and looks before the flush ends.
    disk.delaySyncs(milliseconds: 1200)
    try fixture.serve { _ in
      _ = try RunStore(home: other).retry(run.id, now: WallClock.system.now())
      try waitUntil { try RunStore(home: fixture.home).run(run.id).status != .pending }
    }
    #expect(try RunStore(home: fixture.home).run(run.id).status == .success)
  }

  @Test func bodyWithoutIDThatHadNoEffectIsTakenAgain() throws {
    let fixture = try TestHome()
    _ = try fixture.connect("gamma")
    try fixture.script("gamma-made", #"echo '{"outcome":"stop","reason":"too early"}'"#)
    let gamma = try fixture.registry.connections.get("b")
    _ = try fixture.registry.flows.add(
      flow: "back",
      json: [
        "name": "Back", "type": "outbound", "when": ["step": "gamma/made"],
        "then": [["step": "gamma/take"]],
      ])
    _ = try fixture.registry.connect(flow: "back", name: "back", connections: [:])
    _ = try fixture.registry.flows.enable("back", true)
    func dispatch() throws -> [Run.Status] {
      try Foreground(registry: fixture.registry, caller: fixture.functions)
        .dispatch(["payload": ["id": "inv.1"]], from: gamma).map(\.status)
    }
    #expect(try dispatch() == [.stopped])
    #expect(try dispatch() == [.stopped])
    try fixture.script("gamma-made", #"echo '{"outcome":"done","output":{"ids":{"gamma":"1"}}}'"#)
    try fixture.script("gamma-take", #"echo '{"outcome":"done","output":{}}'"#)
    #expect(try dispatch() == [.success])
    #expect(try dispatch() == [], "what had an effect is taken once")
    let runs = try RunStore(home: fixture.home).runs()
    #expect(runs.map(\.repeats) == [nil, runs.first?.id, nil])
  }

  @Test func openRunsAreResumedAtTheStart() throws {
    let fixture = try TestHome()
    let alpha = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    for number in 1...20 {
      let event: JSON = [
        "id": .string("e\(number)"), "type": "made", "about": .string("\(number % 3)"),
      ]
      guard case .taken(let runs) = Intake(registry: fixture.registry).take(event, from: alpha)
      else {
        Issue.record("event \(number) was not taken")
        return
      }
      #expect(runs.count == 1)
    }
    #expect(try RunStore(home: fixture.home).open().count == 20)
    try withService(fixture) { _ in }
    #expect(try RunStore(home: fixture.home).open().isEmpty)
    #expect(try RunStore(home: fixture.home).runs().allSatisfy { $0.status == .stopped })
  }

  @Test func runsOfOneLaneDoNotOverlap() throws {
    let fixture = try TestHome()
    let alpha = try fixture.connect()
    let log = "\(fixture.path)/order"
    try fixture.script(
      "alpha-made",
      #"read -r line; n=$(echo "$line" | sed 's/.*"id":"e\([0-9]*\)".*/\1/'); echo "$n in" >> LOG; sleep 0.02; echo "$n out" >> LOG; echo '{"outcome":"stop","reason":"seen"}'"#
        .replacing("LOG", with: log))
    for number in 1...8 {
      _ = Intake(registry: fixture.registry).take(
        ["id": .string("e\(number)"), "type": "made", "about": "one"], from: alpha)
    }
    try withService(fixture) { _ in }
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(lines.count == 16)
    for place in stride(from: 0, to: lines.count, by: 2) {
      #expect(lines[place].prefix { $0 != " " } == lines[place + 1].prefix { $0 != " " })
    }
  }

  /// Another process enables the flow; its runs must not wait for their next regular check.
  @Test func enabledFlowResumesItsRunsAtOnce() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    // A run that was made while its flow was enabled.
    let intake = Intake(registry: fixture.registry)
    let run = try #require(
      intake.take(
        ["id": "e1", "type": "made", "about": "x"], from: fixture.registry.connections.get("a")
      ).runs.first)
    _ = try fixture.registry.flows.enable("ab", false)
    let runStore = RunStore(home: fixture.home)
    try fixture.serve { service in
      try waitUntil { try runStore.run(run.id).log.last?.name == "Step 1 Waits" }
      let elsewhere = Registry(
        home: try Home(at: fixture.home.path), catalog: fixture.registry.catalog)
      let start = ContinuousClock.now
      _ = try elsewhere.flows.enable("ab", true)
      #expect(service.waitUntilIdle(within: 14))
      #expect(ContinuousClock.now - start < .seconds(14), "15 s would be by itself")
    }
    let log = try runStore.run(run.id).log.map(\.name)
    let names = [
      "Run Started", "Step 1 Waits", "Step 1 Start", "Step 1 End", "Step 2 Start", "Step 2 End",
      "Run End",
    ]
    #expect(log == names)
  }

  /// The worker that waits for due runs may be the one that gets the event with the long call.
  @Test func dueRunIsExecutedDuringALongFirstCall() throws {
    let fixture = try TestHome(pool: PoolOptions())
    _ = try fixture.connect()
    try fixture.script(
      "alpha-made",
      """
      while read -r line; do
        case "$line" in
        *'"about":"slow"'*) sleep 4 ;;
        *'"about":"due"'*) if mkdir \(fixture.path)/tried; then
          echo '{"outcome":"retry","after":1,"reason":"not yet"}'; continue; fi ;;
        esac
        echo '{"outcome":"stop","reason":"seen"}'
      done
      """)
    let runStore = RunStore(home: fixture.home)
    var options = TestHome.options
    options.threads = 2
    try fixture.serve(options) { service in
      func post(_ about: String) throws -> String {
        let body: JSON = ["id": .string(about), "type": "made", "about": .string(about)]
        #expect(try CurlClient().send(webhook(body.text, to: service.port)).status == 200)
        return try #require(try runStore.runs().last { $0.event.hasSuffix("/\(about)") }).id
      }
      let due = try post("due")
      try waitUntil { try runStore.run(due).log.last?.name == "Step 1 Waits" }
      // Sleeping workers are woken in turn.
      let quick = try post("quick")
      try waitUntil { try runStore.run(quick).status == .stopped }
      let slow = try post("slow")
      try waitUntil { try runStore.run(due).status == .stopped }
      #expect(try runStore.run(slow).status == .pending)
    }
  }

  @Test func stopLeavesRunsToTheNextStart() throws {
    let fixture = try TestHome()
    let alpha = try fixture.connect()
    let mark = "\(fixture.path)/begun"
    let more =
      #"{"outcome":"ask","effects":[{"find":{"name":"f","kind":"customer","ids":{"alpha":"1"}}}]}"#
    let done = #"{"outcome":"stop","reason":"seen"}"#
    try fixture.script(
      "beta-take",
      """
      read -r line; touch \(mark); sleep 0.3
      case "$line" in *'"f":'*) echo '\(done)';; *) echo '\(more)';; esac
      """)
    let run = try #require(
      Intake(registry: fixture.registry).take(JSON(parsing: event), from: alpha).runs.first)
    try fixture.serve { _ in
      try waitUntil { FileManager.default.fileExists(atPath: mark) }
    }
    let left = try RunStore(home: fixture.home).run(run.id)
    #expect(left.status == .pending)
    #expect(left.step == 1)
    #expect(try fixture.finish(run).reason == "seen")
  }

  @Test func runOfAnotherProcessIsExecuted() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    try fixture.serve { _ in
      let other = Registry(
        home: try Home(at: "\(fixture.path)/home"), catalog: fixture.registry.catalog)
      let runs = try Foreground(registry: other, caller: fixture.functions).dispatch(
        ["id": "e1", "type": "made", "about": "x"], from: other.connections.get("a"))
      #expect(runs.map(\.reason) == ["seen"])
    }
  }

  @Test func secondServiceOfAHomeIsRefused() throws {
    let fixture = try TestHome()
    try withService(fixture) { (_: String) throws in
      var options = DispatcherService.Options()
      options.listen = "127.0.0.1:0"
      let problem = #expect(throws: Problem.self) {
        try DispatcherService(
          registry: fixture.registry, caller: fixture.functions, options: options)
      }
      #expect(problem?.kind == .temporary)
      #expect(
        problem?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)")
          == true)
    }
  }

  /// Runs a service while the body sends requests, and until every run has ended.
  private func withService(_ fixture: TestHome, _ body: (_ base: String) throws -> Void) throws {
    try fixture.serve { service in
      try body("http://127.0.0.1:\(service.port)")
      #expect(service.waitUntilIdle(within: 20))
    }
  }
}
