import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Service
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

struct RegistryTests {
  @Test func changeOfAnotherProcessIsSeen() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let other = Registry(
      home: try Home(at: "\(fixture.path)/home"), catalog: fixture.registry.catalog)
    #expect(try other.connections.get("a").scope == "alpha:one")
    #expect(try other.flows.connection("ab").isEnabled)
    _ = try fixture.registry.flows.enable("ab", false)
    #expect(try !other.flows.connection("ab").isEnabled)
    try fixture.registry.flows.disconnect("ab")
    _ = try fixture.registry.change(connection: "a", settings: ["account": "two"], secrets: [:])
    #expect(try other.connections.get("a").scope == "alpha:two")
    #expect(throws: Problem.self) { try other.flows.connection("ab") }
  }

  /// The ID mapping has the records of the old account only.
  @Test func accountOfAConnectionInUseIsFixed() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.change(connection: "a", settings: ["account": "two"], secrets: [:])
    }
    #expect(problem?.description.contains("is used by ab: add another connection") == true)
    #expect(try fixture.registry.connections.get("a").scope == "alpha:one")
  }

  @Test func onlyOptionalSecretIsRemoved() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    func change(
      _ removing: Set<String>, _ settings: [String: String] = [:],
      _ secrets: [String: Secret] = [:], of name: String = "a"
    ) throws {
      _ = try fixture.registry.change(
        connection: name, settings: settings, secrets: secrets, removing: removing)
    }
    #expect(throws: Problem.self) { try change(["password"], [:], ["password": Secret("new")]) }
    #expect(throws: Problem.self) { try change(["key"], of: "b") }
    #expect(
      try fixture.registry.connections.secretNames(of: fixture.registry.connections.get("b")) == [
        "key"
      ]
    )
    try change(["password"])
    #expect(
      try fixture.registry.connections.secretNames(of: fixture.registry.connections.get("a"))
        .isEmpty)
    #expect(throws: Problem.self) { try change(["password"]) }
  }

  @Test func replacedFlowConnectionKeepsItsSettings() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let step = try #require(StepID("beta/take"))
    func connect(_ settings: [StepID: [String: String]]) throws -> FlowConnection {
      try fixture.registry.connect(
        flow: "to-beta", name: "ab", connections: [:], settings: settings, replacing: true)
    }
    #expect(try connect([step: ["count": "3"]]).parts.last?.payload == ["count": 3])
    #expect(try connect([:]).parts.last?.payload == ["count": 3])
    #expect(try connect([:]).isEnabled)
    #expect(try connect([step: ["count": "4"]]).parts.last?.payload == ["count": 4])
  }

  @Test(arguments: [
    "http://127.0.0.1:8788/x", "http://localhost:1", "https://[::1]:8443/", "http://127.9.9.9",
  ])
  func loopbackBaseURLIsAccepted(url: String) throws {
    let fixture = try TestHome()
    #expect(throws: Never.self) {
      try fixture.registry.add(
        connection: "b", app: "beta", settings: ["baseUrl": url], secrets: ["key": Secret("k")])
    }
  }

  @Test(arguments: [
    "http://evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example",
    "http://1270.0.0.1", "http://localhost.evil.example", "ftp://127.0.0.1", "127.0.0.1:80",
    "http://",
    "http://127.0.0.1?x=http://evil.example", "http://0.0.0.0", "http://127.1",
    "http://2130706433", "http://0x7f.1", "http://0177.0.0.1", "http://localhost.",
    "http://[::ffff:127.0.0.1]", "http://127.0.0.1\\@evil.example",
    "http://127.0.0.1#@evil.example",
  ])
  func otherBaseURLIsRefused(url: String) throws {
    let fixture = try TestHome()
    #expect(throws: Problem.self) {
      try fixture.registry.add(
        connection: "b", app: "beta", settings: ["baseUrl": url], secrets: ["key": Secret("k")])
    }
    #expect(try fixture.registry.connections.all().isEmpty)
  }

  @Test func trustedBaseURLIsAccepted() throws {
    let fixture = try TestHome()
    let connection = try fixture.registry.add(
      connection: "b", app: "beta", settings: ["baseUrl": "https://10.0.0.1"],
      secrets: ["key": Secret("k")], trustsBaseURL: true)
    #expect(connection.settings["baseUrl"].string == "https://10.0.0.1")
  }

  @Test func missingSettingsAreNamed() throws {
    let fixture = try TestHome()
    func problem(_ settings: [String: String], _ secrets: [String: Secret]) -> String {
      do throws(Problem) {
        _ = try fixture.registry.add(
          connection: "a", app: "alpha", settings: settings, secrets: secrets)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(problem([:], [:]) == "Alpha requires Account: pass --set account=…")
    #expect(
      problem(["acount": "x"], [:])
        == "Alpha has no setting \"acount\"; it has account, baseUrl, requestsPerMinute, silence")
    #expect(problem(["account": "x"], ["pw": Secret("x")]) == "Alpha has no secret \"pw\"")
    #expect(
      problem(["account": "x", "password": "x"], [:])
        == "password is a secret: pass --secret password=@FILE, or --secret password=- for standard input"
    )
    #expect(problem(["account": "x"], [:]).isEmpty)
    #expect(
      problem(["account": "x"], [:]) == "connection \"a\" already exists; choose another name")
  }

  @Test(arguments: ["", "a/b", "../x", "a b", ".x", "-x", String(repeating: "x", count: 65), "ä"])
  func invalidNameIsRefused(name: String) throws {
    let fixture = try TestHome()
    #expect(throws: Problem.self) {
      try fixture.registry.add(
        connection: name, app: "alpha", settings: ["account": "x"], secrets: [:])
    }
  }

  @Test func changeKeepsOtherSettings() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    _ = try fixture.registry.change(
      connection: "b", settings: [:], secrets: ["key": Secret("a better key")])
    #expect(try fixture.home.secrets.get("key", of: "b")?.reveal() == "a better key")
    #expect(try fixture.registry.connections.get("b").settings["baseUrl"] == "http://127.0.0.1:9")
    _ = try fixture.registry.change(
      connection: "b", settings: ["baseUrl": "http://127.0.0.1:8"], secrets: [:])
    #expect(try fixture.registry.connections.get("b").settings["baseUrl"] == "http://127.0.0.1:8")
    #expect(try fixture.home.secrets.get("key", of: "b")?.reveal() == "a better key")
    #expect(throws: Problem.self) {
      try fixture.registry.change(connection: "b", settings: ["bse": "x"], secrets: [:])
    }
    #expect(throws: Problem.self) {
      try fixture.registry.change(connection: "b", settings: [:], secrets: ["ky": Secret("x")])
    }
  }

  @Test func connectionInUseIsNotRemoved() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    #expect(throws: Problem.self) { try fixture.registry.remove(connection: "a") }
    try fixture.registry.flows.disconnect("ab")
    try fixture.registry.remove(connection: "a")
    #expect(try fixture.registry.connections.all().map(\.name) == ["b"])
    #expect(try fixture.home.secrets.names(of: "a").isEmpty)
  }

  @Test(arguments: [
    (
      #"{"name":"n","type":"outbound","when":{"step":"alpha/made"},"then":[{"step":"beta/take"}]}"#,
      "its type is inbound, since its trigger is of Alpha"
    ),
    (
      #"{"name":"n","type":"inbound","when":{"step":"beta/take"},"then":[{"step":"beta/take"}]}"#,
      "is an action and starts nothing"
    ),
    (
      #"{"name":"n","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"alpha/made"}]}"#,
      "is a trigger and cannot be done"
    ),
    (
      #"{"name":"n","type":"inbound","when":{"step":"alpha/made"},"then":[]}"#,
      "at least one action"
    ),
    (
      #"{"name":"n","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"beta/none"}]}"#,
      "there is no step beta/none"
    ),
    (
      #"{"name":"n","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"beta/take","payload":{"cuont":1}}]}"#,
      "has no field \"cuont\""
    ),
    (
      #"{"name":"n","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"beta/take","payload":{"count":"1"}}]}"#,
      "must be a number"
    ),
    (
      #"{"name":"n","type":"sideways","when":{"step":"alpha/made"},"then":[{"step":"beta/take"}]}"#,
      "is inbound or outbound"
    ),
  ])
  func invalidFlowIsRefused(text: String, reason: String) throws {
    let fixture = try TestHome()
    let json = try JSON(parsing: text)
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.flows.add(flow: "mine", json: json)
    }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test(arguments: [
    (["gamma/made": "two"], ["two", "two"]), (["gamma/take": "two"], ["two", "two"]),
    (["gamma/made": "one", "gamma/take": "two"], ["one", "two"]),
  ])
  func stepsOfAnAppShareAConnection(given: [String: String], taken: [String]) throws {
    let fixture = try homeWithTwoGammaConnections()
    var connections: [StepID: String] = [:]
    for (step, name) in given { connections[try #require(StepID(step))] = name }
    let connected = try fixture.registry.connect(
      flow: "again", name: "again", connections: connections)
    #expect(connected.parts.map(\.connection) == taken)
  }

  @Test func ambiguousConnectionMustBeChosen() throws {
    let fixture = try homeWithTwoGammaConnections()
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.connect(flow: "again", name: "again", connections: [:])
    }
    #expect(
      problem?.description
        == "several connections are possible for gamma/made: pass --step gamma/made=NAME with one of one, two"
    )
  }

  /// A home with two connections to gamma and a flow with two of its steps.
  private func homeWithTwoGammaConnections() throws -> TestHome {
    let fixture = try TestHome()
    for name in ["one", "two"] {
      _ = try fixture.registry.add(
        connection: name, app: "gamma", settings: [:], secrets: ["key": Secret("key-\(name)")])
    }
    _ = try fixture.registry.flows.add(
      flow: "again",
      json: [
        "name": "Again", "type": "outbound", "when": ["step": "gamma/made"],
        "then": [["step": "gamma/take"]],
      ])
    return fixture
  }
}
