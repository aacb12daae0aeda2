import Foundation
import HTTPServer
import Operations
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher
@testable import Records
@testable import Setup

/// A body without an id that comes again after it came to nothing.
@Suite struct RepeatedEventTests {
  /// A trigger of gamma, and an action of beta that reads a thing and posts it.
  private func fixture(port: Int) throws -> TestHome {
    let fixture = try TestHome()
    _ = try fixture.connect(port: port)
    _ = try fixture.registry.add(
      connection: "c", app: "gamma", settings: ["baseUrl": "http://127.0.0.1:\(port)"],
      secrets: ["key": Secret(TestHome.key)])
    _ = try fixture.registry.flows.add(
      flow: "back",
      json: [
        "name": "Back", "type": "outbound", "when": ["step": "gamma/made"],
        "then": [["step": "beta/take"]],
      ])
    _ = try fixture.registry.connect(flow: "back", name: "back", connections: [:])
    _ = try fixture.registry.flows.enable("back", true)
    try fixture.script(
      "gamma-made", #"echo '{"outcome":"done","output":{"ids":{"gamma":"1"}}}'"#)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"posted":{"status":4'*) echo '{"outcome":"fail","reason":"refused"}' ;;
        *'"posted":'*) echo '{"outcome":"done","output":{}}' ;;
        *'"thing":'*) echo '{"outcome":"ask","effects":[{"http":{"name":"posted","method":"POST","path":"/things","body":{"a":1}}}]}' ;;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"thing","method":"GET","path":"/things/1"}}]}' ;;
      esac
      """#)
    return fixture
  }

  private func dispatch(_ fixture: TestHome) throws -> Run? {
    try Foreground(registry: fixture.registry, caller: fixture.functions)
      .dispatch(["payload": ["id": "inv.1"]], from: fixture.registry.connections.get("c")).first
  }

  @Test func requestThatWasRefusedIsNotMadeAgainWhereNothingChanged() throws {
    let api = try FakeAPI { request, _ in
      request.method == "GET" ? .json(200, ["state": "draft"]) : .json(422, ["message": "no"])
    }
    defer { api.stop() }
    let fixture = try fixture(port: api.port)
    let first = try #require(try dispatch(fixture))
    #expect(first.status == .failed)
    for _ in 0..<3 {
      let again = try #require(try dispatch(fixture))
      #expect(again.status == .stopped)
      #expect(again.repeats == first.id)
    }
    #expect(api.requests.filter { $0.method == "POST" }.count == 1)
  }

  @Test func requestIsMadeAgainWhereTheStateChanged() throws {
    let api = try FakeAPI { request, count in
      if request.method == "GET" { return .json(200, ["state": .number(Numeral(count))]) }
      return count < 4 ? .json(422, ["message": "no"]) : .json(201, [:])
    }
    defer { api.stop() }
    let fixture = try fixture(port: api.port)
    #expect(try dispatch(fixture)?.status == .failed)
    #expect(try dispatch(fixture)?.status == .success)
    #expect(try dispatch(fixture) == nil, "an event that had an effect is taken once")
  }
}
