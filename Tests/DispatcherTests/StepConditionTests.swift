import Catalog
import HTTPServer
import Records
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// Runs of flows whose steps have conditions.
struct StepConditionTests {
  @Test func actionWithoutItsConditionIsSkipped() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(201, type: "application/json", text: "{}") }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"done","output":{"ids":{}}}'"#)
    try connect(fixture, #"{"path":"ids.alpha","equals":"1"}"#, as: "holds")
    try connect(fixture, #"{"path":"ids.alpha","equals":"2"}"#, as: "not")
    let runs = try fixture.dispatch()
    let over = try #require(runs.first { $0.flowConnection == "not" })
    #expect(over.status == .success)
    #expect(
      over.log.map(\.name).filter { $0.hasPrefix("Step 2") } == ["Step 2 Start", "Step 2 End"])
    let end = try #require(over.log.first { $0.name == "Step 2 End" })
    #expect(end.status == "Stopped")
    #expect(end.note == #"the condition is not met: ids.alpha is "2""#)
    #expect(over.outputs.last == ["ids": ["alpha": "1"]], "what it was given goes on")
    let called = try #require(runs.first { $0.flowConnection == "holds" })
    #expect(called.log.first { $0.name == "Step 2 End" }?.status == "Success")
  }

  @Test func runStopsIfTheConditionOfItsTriggerDoesNotHold() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try connect(fixture, #"{"path":"ids","exists":true}"#, as: "aa", on: "when")
    let run = try #require(try fixture.dispatch().first { $0.flowConnection == "aa" })
    #expect(run.status == .stopped)
    #expect(run.reason == "it is called only if ids is there")
    let planner = Planner(registry: fixture.registry, caller: fixture.functions, mayRead: false)
    let plan = try planner.plan(["id": "e2", "type": "made", "about": "x"], for: "aa")
    #expect(plan.parts.map(\.outcome) == ["skip"])
    #expect(!plan.changes && !plan.needsAttention)
  }

  // MARK: Private

  private func flow(_ condition: String, on place: String = "then") throws -> JSON {
    let (when, then) =
      place == "when" ? (#","if":\#(condition)"#, "") : ("", #","if":\#(condition)"#)
    return try JSON(
      parsing:
        #"{"name":"Own","type":"inbound","when":{"step":"alpha/made"\#(when)},"then":[{"step":"beta/take"\#(then)}]}"#
    )
  }

  private func connect(
    _ fixture: TestHome, _ condition: String, as name: String, on place: String = "then"
  ) throws {
    _ = try fixture.registry.flows.add(flow: name, json: flow(condition, on: place))
    _ = try fixture.registry.connect(flow: name, name: name, connections: [:])
    _ = try fixture.registry.flows.enable(name, true)
  }
}
