import Foundation
import HTTPServer
import StepKit
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// `if` in a flow's file: what it means, what is refused, and what a run makes of it.
struct StepConditionTests {
  private static let document: JSON = [
    "currency": "USD", "total": .number(Numeral(12)), "email": .null,
    "lines": [["kind": "usage"], ["kind": "tax"]],
  ]

  @Test(arguments: [
    (#"{"path":"currency","equals":"USD"}"#, true), (#"{"path":"currency","equals":"usd"}"#, false),
    (#"{"path":"total","equals":12.0}"#, true), (#"{"path":"total","equals":"12"}"#, false),
    (#"{"path":"currency","oneOf":["EUR","USD"]}"#, true),
    (#"{"path":"currency","oneOf":["EUR"]}"#, false),
    (#"{"path":"email","exists":true}"#, false), (#"{"path":"email","exists":false}"#, true),
    (#"{"path":"nobody.there","exists":true}"#, false),
    (#"{"path":"email","equals":null}"#, true),
    (#"{"path":"lines.1.kind","equals":"tax"}"#, true),
    (#"{"path":"lines.2.kind","exists":true}"#, false),
    (#"{"path":"lines.-1.kind","exists":true}"#, false),
    (#"{"and":[{"path":"currency","equals":"USD"},{"path":"email","exists":true}]}"#, false),
    (#"{"or":[{"path":"currency","equals":"USD"},{"path":"email","exists":true}]}"#, true),
    (#"{"not":{"path":"currency","equals":"USD"}}"#, false),
  ])
  func holds(text: String, isSo: Bool) throws {
    let condition = try #require(try condition(text))
    #expect(condition.holds(for: Self.document) == isSo)
    #expect(try condition.json == JSON(parsing: text))
  }

  @Test func speaksInWords() throws {
    let text =
      #"{"and":[{"path":"a","equals":1},{"or":[{"path":"b","exists":false},{"not":{"path":"c","oneOf":["x",2]}}]}]}"#
    #expect(
      try condition(text)?.text == #"a is 1 and (b is not there or not (c is one of "x", 2))"#)
  }

  @Test(arguments: [
    (#"{"path":"a"}"#, "not {path}"), (#"{"equals":1}"#, "not {equals}"), ("{}", "not {}"),
    (#"{"and":[]}"#, #""and" must hold at least one condition"#),
    (#"{"and":[{"path":"a","exists":"yes"}]}"#, #"if, and[0]: "exists" is true or false"#),
    (#"{"path":"a","oneOf":[]}"#, #""oneOf" must be a list"#),
    (#"{"path":"","equals":1}"#, #""path" must be a text"#),
    (#"{"path":"a","equals":1,"exists":true}"#, "not {equals, exists, path}"),
    (#"{"script":"1 == 1"}"#, "not {script}"), ("[]", #""if" must be an object"#),
  ])
  func refusesWithThePlace(text: String, reason: String) throws {
    let faults = try House().registry.catalog.faults(inFlow: "own", try flow(text))
    #expect(faults.count == 1)
    #expect(faults.first?.contains(reason) == true, "\(faults)")
    #expect(faults.first?.hasPrefix("flow own, then[0]") == true, "\(faults)")
  }

  @Test func passesOverAnActionAndGoesOn() throws {
    let house = try House()
    let api = try FakeAPI { _, _ in Response(201, type: "application/json", text: "{}") }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script("beta-take", #"read -r line; echo '{"outcome":"done","output":{"ids":{}}}'"#)
    try connect(house, #"{"path":"ids.alpha","equals":"1"}"#, as: "holds")
    try connect(house, #"{"path":"ids.alpha","equals":"2"}"#, as: "not")
    let runs = try house.dispatch()
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

  @Test func startsNothingWhereTheTriggersConditionDoesNotHold() throws {
    let house = try House()
    _ = try house.connect()
    // The run of the other flow connection is first in the lane, and must not wait there.
    try house.script("beta-take", #"read -r line; echo '{"outcome":"done","output":{"ids":{}}}'"#)
    try connect(house, #"{"path":"ids","exists":true}"#, as: "never", on: "when")
    let run = try #require(try house.dispatch().first { $0.flowConnection == "never" })
    #expect(run.status == .stopped)
    #expect(run.reason == "the condition is not met: ids is there")
    let planner = Planner(registry: house.registry, caller: house.functions, mayRead: false)
    let plan = try planner.plan(["id": "e2", "type": "made", "about": "x"], for: "never")
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

  private func condition(_ text: String) throws -> StepCondition? {
    let house = try House()
    return try house.registry.flows.add(flow: "own", json: flow(text)).parts.last?.condition
  }

  private func connect(
    _ house: House, _ condition: String, as name: String, on place: String = "then"
  ) throws {
    _ = try house.registry.flows.add(flow: name, json: flow(condition, on: place))
    _ = try house.registry.connect(flow: name, name: name, connections: [:])
    _ = try house.registry.flows.enable(name, true)
  }
}
