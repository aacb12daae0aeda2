import Foundation
import HTTPServer
import HTTPTypes
import StepKit
import Store
import Synchronization
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// What becomes of effects whose outcome is not plain.
struct LedgerTests {
  /// Asks for a change; in doubt asks to look, and gives up where nothing is found.
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

  @Test func parksWhatNobodyCanVouchForUntilAPersonSays() throws {
    let house = try House()
    let api = try FakeAPI { request, _ in request.method == "GET" ? Self.ok() : .dropConnection }
    defer { api.stop() }
    _ = try house.connect("gamma", port: api.port)
    try house.script("gamma-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    #expect(run.status == .parked)
    let book = RunStore(home: house.home)
    #expect(throws: Problem.self) { try book.retry(run.id, now: WallClock.system.now()) }
    #expect(throws: Problem.self) {
      try book.settle(run.id, effect: "other", answer: nil, now: WallClock.system.now())
    }
    _ = try book.settle(run.id, effect: "created", answer: ["id": 1], now: WallClock.system.now())
    #expect(try house.carryOn(run).status == .success)
    #expect(api.requests.count { $0.method == "POST" } == 1)
  }

  @Test func makesAgainWhatAPersonSaysDidNotHappen() throws {
    let house = try House()
    let api = try FakeAPI { request, count in
      request.method == "GET" || count > 2 ? Self.ok() : .dropConnection
    }
    defer { api.stop() }
    _ = try house.connect("gamma", port: api.port)
    try house.script("gamma-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    _ = try RunStore(home: house.home).settle(
      run.id, effect: "created", answer: nil, now: WallClock.system.now())
    #expect(try house.carryOn(run).status == .success)
    #expect(api.requests.count { $0.method == "POST" } == 2)
  }

  @Test func asksTheStepWhenTheAppsMemoryOfTheKeyIsOver() throws {
    let house = try House()
    let api = try FakeAPI { request, _ in request.method == "GET" ? Self.ok() : .dropConnection }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    #expect(run.status == .pending)
    let later = WallClock { WallClock.system.now().adding(seconds: 31 * 60) }
    #expect(try house.carryOn(run, clock: later).status == .parked)
    #expect(api.requests.map(\.method) == ["POST", "GET"])
  }

  @Test func believesNoRefusalOfASecondSending() throws {
    let house = try House()
    let api = try FakeAPI { _, count in
      switch count {
      case 1: .dropConnection
      case 2: Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8))
      default: Self.ok()
      }
    }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    #expect(try house.carryOn(run).status == .success)
    #expect(Set(api.requests.map { $0.headers["Idem"] ?? "" }).count == 1)
    #expect(api.requests.count == 3)
  }

  @Test func takesANewKeyAfterARefusalThatTheAppMayRemember() throws {
    let house = try House()
    let api = try FakeAPI { _, count in
      count == 1 ? Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8)) : Self.ok()
    }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    #expect(try house.carryOn(run).status == .success)
    #expect(Set(api.requests.map { $0.headers["Idem"] ?? "" }).count == 2)
  }

  @Test func pausesAConnectionWhoseKeyIsRefused() throws {
    let house = try House()
    let isOpen = Mutex(false)
    let api = try FakeAPI { _, _ in
      isOpen.withLock { $0 } ? Self.ok() : Response(401, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    #expect(run.status == .pending)
    #expect(run.attempts == 0)
    let second = try #require(
      try house.dispatch(["id": "e2", "type": "made", "about": "y"]).first)
    #expect(second.status == .pending)
    #expect(api.requests.count == 1)
    #expect(throws: Problem.self) { try house.registry.test("b") }
    isOpen.withLock { $0 = true }
    #expect(try house.registry.test("b").hasSuffix("its runs go on"))
    let later = WallClock { WallClock.system.now().adding(seconds: 60) }
    #expect(try house.carryOn(run, clock: later).status == .success)
    #expect(try RunStore(home: house.home).run(second.id).status == .success)
  }

  @Test func letsOthersPassARunThatWaitsForAPerson() throws {
    let house = try House()
    let api = try FakeAPI { _, _ in Response(401, type: "application/json", text: "{}") }
    defer { api.stop() }
    let alpha = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let good = try FakeAPI { _, _ in Self.ok() }
    defer { good.stop() }
    _ = try house.registry.add(
      connection: "c", app: "gamma", settings: ["baseUrl": "http://127.0.0.1:\(good.port)"],
      secrets: ["key": Secret("k")])
    _ = try house.registry.connect(flow: "to-gamma", name: "later", connections: [:])
    _ = try house.registry.flows.enable("later", true)
    try house.script("gamma-take", Self.looks)
    _ = Intake(registry: house.registry).take(
      ["id": "e1", "type": "made", "about": "x"], from: alpha)
    try house.serve { _ in Thread.sleep(forTimeInterval: 1.5) }
    let runs = try RunStore(home: house.home).runs()
    #expect(runs.first { $0.flowConnection == "later" }?.status == .success)
    #expect(runs.first { $0.flowConnection == "ab" }?.status == .pending)
  }

  @Test func letsRunsOfADisabledFlowWaitUntilItIsEnabled() throws {
    let house = try House()
    let api = try FakeAPI { _, _ in Self.ok() }
    defer { api.stop() }
    let alpha = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    for id in ["e1", "e2"] {
      _ = Intake(registry: house.registry).take(
        ["id": .string(id), "type": "made", "about": "x"], from: alpha)
    }
    let book = RunStore(home: house.home)
    let ids = try book.runs().map(\.id)
    #expect(RunStore.blockingRuns(among: try book.runs()) == [ids[1]: ids[0]])
    _ = try house.registry.flows.enable("ab", false)
    try house.serve { _ in Thread.sleep(forTimeInterval: 0.5) }
    #expect(try book.run(ids[0]).status == .pending)
    #expect(
      try book.run(ids[0]).reason
        == "ab is disabled; `meterbridge flow enable ab` resumes its runs")
    #expect(api.requests.isEmpty)
    _ = try house.registry.flows.enable("ab", true)
    let later = WallClock { WallClock.system.now().adding(seconds: 60) }
    #expect(try house.carryOn(book.run(ids[0]), clock: later).status == .success)
    #expect(try book.runs().map(\.status) == [.success, .success])
    #expect(RunStore.blockingRuns(among: try book.runs()).isEmpty)
  }

  @Test func retriesNothingWhoseFlowConnectionIsGone() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"fail","reason":"no"}'"#)
    let run = try #require(try house.dispatch().first)
    try house.registry.flows.disconnect("ab")
    let problem = #expect(throws: Problem.self) {
      try RunStore(home: house.home).retry(run.id, now: WallClock.system.now())
    }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.contains("its flow connection ab is gone") == true)
  }

  @Test func goesOnFromTheStepThatItIsTold() throws {
    let house = try House()
    let api = try FakeAPI { _, _ in Self.ok() }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let run = try #require(try house.dispatch().first)
    #expect(run.status == .success)
    let book = RunStore(home: house.home)
    #expect(throws: Problem.self) { try book.retry(run.id, now: WallClock.system.now()) }
    _ = try book.retry(run.id, from: 0, now: WallClock.system.now())
    #expect(try house.carryOn(run).status == .success)
    #expect(api.requests.count == 1, "a confirmed change is not made again")
  }

  @Test func saysTheSameInAReplayOrShowsTheDifference() throws {
    let house = try House()
    let api = try FakeAPI { _, count in count == 1 ? .dropConnection : Self.ok() }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", Self.looks)
    let run = try house.carryOn(try #require(try house.dispatch().first))
    let replay = Replay(registry: house.registry, caller: house.functions)
    let calls = try replay.replay(run)
    #expect(calls.map(\.step) == [1, 2, 2, 2])
    #expect(calls.map(\.isSame) == [true, true, true, true])
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"changed"}'"#)
    #expect(try replay.replay(run).map(\.isSame) == [true, false, false, false])
    #expect(api.requests.count == 2)
  }

  @Test func sendsNoMoreThanTheAppAllows() throws {
    let house = try House()
    let api = try FakeAPI { _, _ in Self.ok() }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.limit("b", to: 600)
    try house.script("beta-take", Self.looks)
    let alpha = try house.registry.connections.get("a")
    for number in 0..<200 {
      _ = Intake(registry: house.registry).take(
        ["id": .string("e\(number)"), "type": "made", "about": .string("\(number)")], from: alpha)
    }
    let start = Date()
    try house.serve { _ in
      while api.requests.count < 120, Date().timeIntervalSince(start) < 60 { usleep(10_000) }
      Thread.sleep(forTimeInterval: 1)
    }
    let seconds = Date().timeIntervalSince(start)
    let sent = Double(api.requests.count)
    #expect(sent <= 120 + 8 * seconds + 1, "\(sent) in \(seconds) s")
    #expect(sent >= 120, "\(sent) in \(seconds) s")
  }
}
