import Catalog
import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Service
import Setup
import StepKit
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// Runs with effects whose outcome is unknown, refused or limited.
struct EffectOutcomeTests {
  /// Requests a change; if its outcome is unknown, reads, and fails if it finds nothing.
  private static let looks = #"""
    read -r line
    case "$line" in
      *'"created":{"status":20'*) echo '{"outcome":"done","output":{}}';;
      *'"created":{"status":4'*) echo '{"outcome":"fail","reason":"refused"}';;
      *'"created":{"after":1,"status":429'*) echo '{"outcome":"retry","reason":"busy","after":1}';;
      *'"created":{"unknown":true}'*'"look":{"status":200'*) echo '{"outcome":"fail","reason":"nobody knows"}';;
      *'"created":{"unknown":true}'*) echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/things"}}]}';;
      *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{"a":1}}}]}';;
    esac
    """#

  private static func ok(_ text: String = "{}") -> Response {
    Response(200, type: "application/json", text: text)
  }

  @Test func unknownChangeIsParkedUntilItIsSettled() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { request, _ in request.method == "GET" ? Self.ok() : .dropConnection }
    defer { api.stop() }
    _ = try fixture.connect("gamma", port: api.port)
    try fixture.script("gamma-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .parked)
    let runStore = RunStore(home: fixture.home)
    #expect(throws: Problem.self) { try runStore.retry(run.id, now: WallClock.system.now()) }
    #expect(throws: Problem.self) {
      try runStore.settle(run.id, effect: "other", answer: nil, now: WallClock.system.now())
    }
    _ = try runStore.settle(
      run.id, effect: "created", answer: ["id": 1], now: WallClock.system.now())
    #expect(try fixture.finish(run).status == .success)
    #expect(api.requests.count { $0.method == "POST" } == 1)
  }

  @Test func changeThatIsSettledAsNotDoneIsSentAgain() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { request, count in
      request.method == "GET" || count > 2 ? Self.ok() : .dropConnection
    }
    defer { api.stop() }
    _ = try fixture.connect("gamma", port: api.port)
    try fixture.script("gamma-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    _ = try RunStore(home: fixture.home).settle(
      run.id, effect: "created", answer: nil, now: WallClock.system.now())
    #expect(try fixture.finish(run).status == .success)
    #expect(api.requests.count { $0.method == "POST" } == 2)
  }

  @Test func stepDecidesOnceTheIdempotencyKeyHasExpired() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { request, _ in request.method == "GET" ? Self.ok() : .dropConnection }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .pending)
    let later = WallClock { WallClock.system.now().adding(seconds: 31 * 60) }
    #expect(try fixture.finish(run, clock: later).status == .parked)
    #expect(api.requests.map(\.method) == ["POST", "GET"])
  }

  @Test func refusalOfARepeatedRequestLeavesTheFirstUnknown() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in
      switch count {
      case 1: .dropConnection
      case 2: Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8))
      default: Self.ok()
      }
    }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    #expect(try fixture.finish(run).status == .success)
    #expect(Set(api.requests.map { $0.headers["Idem"] ?? "" }).count == 1)
    #expect(api.requests.count == 3)
  }

  /// Another run that does the same thing has the same key.
  @Test func requestAfterATemporaryRefusalKeepsItsKey() throws {
    #expect(try keys(refusals: [Self.refusal()]).count == 1)
  }

  @Test func requestAfterARememberedRefusalHasANewKey() throws {
    #expect(try keys(refusals: [Self.refusal(), Self.refusal(isReplay: true)]).count == 2)
  }

  /// The keys of a change that is refused before it is done.
  private func keys(refusals: [Response]) throws -> Set<String> {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in count <= refusals.count ? refusals[count - 1] : Self.ok() }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    #expect(try fixture.finish(run).status == .success)
    return Set(api.requests.map { $0.headers["Idem"] ?? "" })
  }

  private static func refusal(isReplay: Bool = false) -> Response {
    var response = Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8))
    if isReplay { response.headers["Replayed"] = "true" }
    return response
  }

  @Test func changeThatWaitedRestsOnWhatIsReadAfterwards() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in count == 2 ? Self.refusal() : Self.ok() }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"created":{"status":20'*) echo '{"outcome":"done","output":{}}';;
        *'"look":{"status":200'*) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{"a":1}}}]}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/things"}}]}';;
      esac
      """#)
    let run = try #require(try fixture.dispatch().first)
    #expect(try fixture.finish(run).status == .success)
    #expect(api.requests.map(\.method) == ["GET", "POST", "GET", "POST"])
  }

  @Test func connectionIsPausedIfItsKeyIsRefused() throws {
    let fixture = try TestHome()
    let isOpen = Mutex(false)
    let api = try FakeAPI { _, _ in
      isOpen.withLock { $0 } ? Self.ok() : Response(401, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .pending)
    #expect(run.attempts == 0)
    let second = try #require(
      try fixture.dispatch(["id": "e2", "type": "made", "about": "y"]).first)
    #expect(second.status == .pending)
    #expect(api.requests.count == 1)
    #expect(throws: Problem.self) { try fixture.registry.test("b") }
    isOpen.withLock { $0 = true }
    #expect(try fixture.registry.test("b").hasSuffix("its runs go on"))
    let later = WallClock { WallClock.system.now().adding(seconds: 60) }
    #expect(try fixture.finish(run, clock: later).status == .success)
    #expect(try RunStore(home: fixture.home).run(second.id).status == .success)
  }

  @Test func runThatWaitsForAPersonLeavesItsLane() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(401, type: "application/json", text: "{}") }
    defer { api.stop() }
    let alpha = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let good = try FakeAPI { _, _ in Self.ok() }
    defer { good.stop() }
    _ = try fixture.registry.add(
      connection: "c", app: "gamma", settings: ["baseUrl": "http://127.0.0.1:\(good.port)"],
      secrets: ["key": Secret("k")])
    _ = try fixture.registry.connect(flow: "to-gamma", name: "later", connections: [:])
    _ = try fixture.registry.flows.enable("later", true)
    try fixture.script("gamma-take", Self.looks)
    _ = Intake(registry: fixture.registry).take(
      ["id": "e1", "type": "made", "about": "x"], from: alpha)
    func run(of flowConnection: String) throws -> Run? {
      try RunStore(home: fixture.home).runs().first { $0.flowConnection == flowConnection }
    }
    try fixture.serve { _ in
      try waitUntil {
        try run(of: "later")?.status == .success && run(of: "ab")?.log.isEmpty == false
      }
    }
    let runs = try RunStore(home: fixture.home).runs()
    #expect(runs.first { $0.flowConnection == "later" }?.status == .success)
    #expect(runs.first { $0.flowConnection == "ab" }?.status == .pending)
  }

  @Test func runOfADisabledFlowWaitsUntilItIsEnabled() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Self.ok() }
    defer { api.stop() }
    let alpha = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    for id in ["e1", "e2"] {
      _ = Intake(registry: fixture.registry).take(
        ["id": .string(id), "type": "made", "about": "x"], from: alpha)
    }
    let runStore = RunStore(home: fixture.home)
    let ids = try runStore.runs().map(\.id)
    #expect(RunStore.blockingRuns(among: try runStore.runs()) == [ids[1]: ids[0]])
    _ = try fixture.registry.flows.enable("ab", false)
    try fixture.serve { _ in try waitUntil { try runStore.run(ids[0]).reason != nil } }
    #expect(try runStore.run(ids[0]).status == .pending)
    #expect(
      try runStore.run(ids[0]).reason
        == "ab is disabled; `meterbridge flow enable ab` resumes its runs")
    #expect(api.requests.isEmpty)
    _ = try fixture.registry.flows.enable("ab", true)
    let later = WallClock { WallClock.system.now().adding(seconds: 60) }
    #expect(try fixture.finish(runStore.run(ids[0]), clock: later).status == .success)
    #expect(try runStore.runs().map(\.status) == [.success, .success])
    #expect(RunStore.blockingRuns(among: try runStore.runs()).isEmpty)
  }

  @Test func runWithoutFlowConnectionIsNotRetried() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"fail","reason":"no"}'"#)
    let run = try #require(try fixture.dispatch().first)
    try fixture.registry.flows.disconnect("ab")
    let problem = #expect(throws: Problem.self) {
      try RunStore(home: fixture.home).retry(run.id, now: WallClock.system.now())
    }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.contains("its flow connection ab was removed") == true)
  }

  @Test func retryBeginsAtTheGivenStep() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Self.ok() }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .success)
    let runStore = RunStore(home: fixture.home)
    #expect(throws: Problem.self) { try runStore.retry(run.id, now: WallClock.system.now()) }
    _ = try runStore.retry(run.id, from: 0, now: WallClock.system.now())
    #expect(try fixture.finish(run).status == .success)
    #expect(api.requests.count == 1, "a confirmed change is not made again")
  }

  @Test func replayShowsRepliesThatDiffer() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in count == 1 ? .dropConnection : Self.ok() }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.looks)
    let run = try fixture.finish(try #require(try fixture.dispatch().first))
    let replay = Replay(registry: fixture.registry, caller: fixture.functions)
    let calls = try replay.replay(run)
    #expect(calls.map(\.step) == [1, 2, 2, 2])
    #expect(calls.map(\.isSame) == [true, true, true, true])
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"changed"}'"#)
    #expect(try replay.replay(run).map(\.isSame) == [true, false, false, false])
    #expect(api.requests.count == 2)
  }

  @Test func requestsAreLimitedToTheRateOfTheApp() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Self.ok() }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.limit("b", to: 600)
    try fixture.script("beta-take", Self.looks)
    let alpha = try fixture.registry.connections.get("a")
    for number in 0..<200 {
      _ = Intake(registry: fixture.registry).take(
        ["id": .string("e\(number)"), "type": "made", "about": .string("\(number)")], from: alpha)
    }
    let start = Date()
    // A burst of 120, then 10 per second: wait until the rate applies.
    try fixture.serve { _ in try waitUntil(within: 60) { api.requests.count >= 125 } }
    let seconds = Date().timeIntervalSince(start)
    let sent = Double(api.requests.count)
    #expect(sent <= 120 + 10 * seconds + 1, "\(sent) in \(seconds) s")
    #expect(sent >= 120, "\(sent) in \(seconds) s")
  }
}
