import Catalog
import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Service
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

struct RunExecutorTests {
  /// Requests a change named `created`, then replies according to its outcome.
  private static let creates = #"""
    read -r line
    case "$line" in
      *'"created":{"unknown":true}'*) echo '{"outcome":"stop","reason":"looks first"}';;
      *'"created":{"status":201'*) echo '{"outcome":"done","output":{},"effects":[{"link":{"kind":"customer","ids":{"alpha":"1","beta":"2"}}}]}';;
      *'"created":{"after":1,"status":429'*) echo '{"outcome":"retry","reason":"busy","after":1}';;
      *'"created":{"status":4'*) echo '{"outcome":"fail","reason":"refused"}';;
      *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{"list":[{"a":1,"b":"x y"},{"a":2}],"meta":{"k":1},"texts":["p","q"],"flag":true,"to":{"city":"é"}}}}]}';;
    esac
    """#

  @Test func runOfAnEventSucceeds() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(201, type: "application/json", text: "{}") }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.creates)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .success)
    #expect(
      run.log.map(\.name) == [
        "Run Started", "Step 1 Start", "Step 1 End", "Step 2 Start", "Step 2 End", "Run End",
      ])
    let row = try Links(home: fixture.home).row(.customer, anyOf: ["alpha:one": "1"])
    #expect(row?.ids == ["alpha:one": "1", "beta:b": "2"])
    let request = try #require(api.requests.first)
    #expect(api.requests.count == 1)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "flag=true&list%5Ba%5D%5B0%5D=1&list%5Bb%5D%5B0%5D=x+y&list%5Ba%5D%5B1%5D=2"
        + "&meta=%7B%22k%22%3A1%7D&texts%5B0%5D=p&texts%5B1%5D=q&to%5Bcity%5D=%C3%A9")
    #expect(request.headers["Authorization"] == "Basic Y2FuYXJ5LTdmM2E5YzUyLWJldGE6")
    #expect(request.headers["Idem"]?.utf8.count ?? 101 <= 100)
  }

  @Test func earlierRunOfTheLaneIsExecutedFirst() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in
      count == 1 ? .dropConnection : Response(201, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.creates)
    func dispatch(_ id: String) throws -> Run {
      try #require(try fixture.dispatch(["id": .string(id), "type": "made", "about": "x"]).first)
    }
    let first = try dispatch("e1")
    #expect(first.status == .pending)
    #expect(try dispatch("e2").log.isEmpty, "it waits, since the first is not due again")
    let runStore = RunStore(home: fixture.home)
    try waitUntil { WallClock.system.now() >= first.due }
    #expect(try dispatch("e3").status == .success)
    #expect(try runStore.runs().map(\.status) == [.success, .success, .success])
  }

  @Test func activityLogNamesThePerson() throws {
    let fixture = try TestHome()
    let connection = try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"fail","reason":"no"}'"#)
    let runs = try Foreground(
      registry: fixture.registry, caller: fixture.functions, person: "ada"
    ).dispatch(["id": "e1", "type": "made", "about": "x"], from: connection)
    let run = try #require(runs.first)
    #expect(run.status == .failed)
    #expect(run.log.map(\.name).prefix(2) == ["Run Started", "Step 1 Start"])
    #expect(run.log.first?.by == "ada")
    #expect(run.log.dropFirst().allSatisfy { $0.by == nil })
    _ = try RunStore(home: fixture.home, person: "grace").retry(run.id, now: WallClock.system.now())
    let kept = try RunStore(home: fixture.home).run(run.id)
    #expect(kept.log.last?.name == "Run Retried")
    #expect(kept.log.last?.by == "grace")
  }

  /// Any of the earlier steps may have determined that there was nothing to do.
  @Test func stoppedRunIsRetriedFromItsFirstStep() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"no link"}'"#)
    let run = try #require(try fixture.dispatch().first)
    #expect((run.status, run.step) == (.stopped, 1))
    let runStore = RunStore(home: fixture.home)
    #expect(try runStore.retry(run.id, now: WallClock.system.now()).step == 0)
    #expect(throws: Problem.self) {
      try runStore.retry(run.id, from: 5, now: WallClock.system.now())
    }
  }

  @Test func eventIsTakenOnce() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(201, type: "application/json", text: "{}") }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.creates)
    #expect(try fixture.dispatch().count == 1)
    #expect(try fixture.dispatch().isEmpty)
    #expect(api.requests.count == 1)
  }

  /// To try again is the operator's word.
  @Test(arguments: ["fail", "stop"])
  func eventIsTakenOnceThoughItsRunCameToNothing(outcome: String) throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script(
      "beta-take", "read -r line; echo '{\"outcome\":\"\(outcome)\",\"reason\":\"no\"}'")
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == (outcome == "fail" ? .failed : .stopped))
    #expect(try fixture.dispatch().isEmpty)
    #expect(try RunStore(home: fixture.home).runs().count == 1)
  }

  @Test func requestInDoubtIsRepeatedWithTheSameKey() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in
      count == 1 ? .dropConnection : Response(201, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.creates)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .pending)
    #expect(run.reason?.contains("the same request will be sent again") == true)
    let after = try fixture.finish(run)
    #expect(after.status == .success)
    #expect(Set(api.requests.map { $0.headers["Idem"] ?? "" }).count == 1)
    #expect(api.requests.count == 2)
  }

  @Test func stepIsToldOfADoubtIfTheAppHasNoKeys() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in .dropConnection }
    defer { api.stop() }
    _ = try fixture.connect("gamma", port: api.port)
    try fixture.script("gamma-take", Self.creates)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .stopped)
    #expect(run.reason == "looks first")
    #expect(api.requests.count == 1)
    #expect(api.requests.first?.headers["Authorization"] == "Bearer \(TestHome.key)")
  }

  @Test func runWaitsAsLongAsTheAppRequests() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in
      guard count == 1 else { return Response(201, type: "application/json", text: "{}") }
      return Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8))
    }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.creates)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .pending)
    #expect(run.due.milliseconds - run.at.milliseconds >= 1000)
    #expect(try fixture.finish(run).status == .success)
  }

  @Test func failedRunKeepsItsReason() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(400, type: "application/json", text: "{}") }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", Self.creates)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .failed)
    let kept = try RunStore(home: fixture.home).run(run.id)
    #expect(kept.reason == "refused")
    #expect(try RunStore(home: fixture.home).open().isEmpty)
    _ = try RunStore(home: fixture.home).retry(run.id, now: WallClock.system.now())
    #expect(try RunStore(home: fixture.home).open().map(\.id) == [run.id])
  }

  @Test func runWaitsForAnUnreachableAPI() throws {
    let fixture = try TestHome()
    _ = try fixture.connect(port: 1)
    try fixture.script("beta-take", Self.creates)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .pending)
    #expect(run.reason?.hasPrefix("Beta: ") == true)
  }

  @Test func stepThatRepeatsARequestFails() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script(
      "beta-take",
      #"read -r line; echo '{"outcome":"ask","effects":[{"find":{"name":"f","kind":"customer","ids":{"alpha":"1"}}}]}'"#
    )
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .failed)
    #expect(run.reason?.contains("were already answered") == true)
  }

  @Test func stepGetsNoSecret() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script(
      "beta-take",
      "cat > \(fixture.path)/said; env >> \(fixture.path)/said; echo '{\"outcome\":\"stop\",\"reason\":\"seen\"}'"
    )
    _ = try fixture.dispatch()
    let said = try String(contentsOfFile: "\(fixture.path)/said", encoding: .utf8)
    #expect(said.contains("\"input\""))
    #expect(!said.contains(TestHome.key))
  }

  @Test(arguments: [200, 400]) func secretIsRemovedFromAnswers(status: Int) throws {
    let fixture = try TestHome()
    let api = try FakeAPI { request, _ in
      let said = "who is \(request.headers["Authorization"] ?? "") alias \(TestHome.key)"
      return Response(status, type: "application/json", text: JSON.string(said).text)
    }
    defer { api.stop() }
    _ = try fixture.connect("beta", port: api.port)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"look"'*) printf '%s\n' "$line" > SAID; echo '{"outcome":"stop","reason":"seen"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/x"}}]}';;
      esac
      """#.replacing("SAID", with: "\(fixture.path)/said"))
    #expect(try fixture.dispatch().first?.status == .stopped)
    let said = try String(contentsOfFile: fixture.path + "/said", encoding: .utf8)
    #expect(said.contains(#""value":"who is … alias …""#), "\(said)")
  }
}
