import Catalog
import Foundation
import Operations
import Records
import Setup
import StepKit
import Store
import TestHomes
import Testing
import Values

@testable import Dispatcher

/// Which flow connections listen to which events.
struct SubscriptionsTests {
  private let fixture: TestHome

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
  }

  private func event(
    _ type: String = "made", from connection: String = "a", registry: Registry? = nil
  ) throws -> Event {
    let connection = try (registry ?? fixture.registry).connections.get(connection)
    return try Event(
      JSONBody(["id": "e1", "type": .string(type), "about": "x"]), from: connection,
      #require(connection.app.webhook), at: Timestamp(seconds: 0))
  }

  private func listeners(_ event: Event, registry: Registry? = nil) throws -> [String] {
    var subscriptions = Subscriptions(registry: registry ?? fixture.registry)
    return try subscriptions.flows(for: event).map(\.name).sorted()
  }

  @Test func flowConnectionListensToTheTypesOfItsTrigger() throws {
    #expect(try listeners(event("made")) == ["ab"])
    #expect(try listeners(event("unmade")) == [])
  }

  @Test func everyFlowConnectionOfATriggerListens() throws {
    _ = try fixture.registry.connect(flow: "to-beta", name: "second", connections: [:])
    _ = try fixture.registry.flows.enable("second", true)
    #expect(try listeners(event()) == ["ab", "second"])
  }

  @Test func disabledFlowConnectionDoesNotListen() throws {
    _ = try fixture.registry.flows.enable("ab", false)
    #expect(try listeners(event()) == [])
    let flow = try fixture.registry.flows.connection("ab")
    let subscriptions = Subscriptions(registry: fixture.registry)
    #expect(try subscriptions.listener(flow, to: event())?.name == "ab", "whether enabled or not")
  }

  @Test func flowConnectionListensToTheAccountOfItsTriggerOnly() throws {
    _ = try fixture.registry.add(
      connection: "other", app: "alpha", settings: ["account": "two"], secrets: [:])
    #expect(try listeners(event(from: "other")) == [])
  }

  /// Two connections to one account: an event is the account's, whichever connection it came by.
  @Test func flowConnectionListensToEveryConnectionOfItsAccount() throws {
    _ = try fixture.registry.add(
      connection: "twin", app: "alpha", settings: ["account": "one"], secrets: [:])
    #expect(try listeners(event(from: "twin")) == ["ab"])
  }

  @Test func everyTriggerListensToEventsWithoutType() throws {
    _ = try fixture.registry.add(
      connection: "g", app: "gamma", settings: [:], secrets: ["key": Secret("k")])
    _ = try fixture.registry.flows.add(
      flow: "back",
      json: [
        "name": "Back", "type": "outbound", "when": ["step": "gamma/made"],
        "then": [["step": "gamma/take"]],
      ])
    _ = try fixture.registry.connect(flow: "back", name: "back", connections: [:])
    _ = try fixture.registry.flows.enable("back", true)
    #expect(try listeners(event(from: "g")) == ["back"])
  }

  /// Runs whose actions touch no account keep a lane of their own.
  @Test func flowConnectionIsApartIfItsActionsHaveNoAccounts() throws {
    var subscriptions = Subscriptions(registry: fixture.registry)
    #expect(try subscriptions.flows(for: event()).map(\.hasNoAccounts) == [false])

    let registry = try registryWithAppWithoutAccounts()
    subscriptions = Subscriptions(registry: registry)
    let listeners = try subscriptions.flows(for: event(registry: registry))
    #expect(listeners.sorted { $0.name < $1.name }.map(\.hasNoAccounts) == [false, true])
    #expect(listeners.map(\.name).sorted() == ["ab", "told"])
  }

  @Test func flowConnectionsAreReadOncePerBatch() throws {
    var subscriptions = Subscriptions(registry: fixture.registry)
    #expect(try subscriptions.flows(for: event("unmade")).isEmpty)
    _ = try fixture.registry.flows.enable("ab", false)
    #expect(try subscriptions.flows(for: event("made")).map(\.name) == ["ab"])
    #expect(try listeners(event("made")) == [])
  }

  /// The registry of the same home with the app `omega`, which has no scope, and a flow to it.
  private func registryWithAppWithoutAccounts() throws -> Registry {
    let folder = "\(fixture.path)/functions/omega"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let app =
      #"{"name":"Omega","http":{"base":"https://omega.example","auth":{"basic":"x:"},"encoding":"json"},"steps":{"tell":{"label":"Tell","kind":"action","takes":"*"}}}"#
    try Data(app.utf8).write(to: URL(filePath: "\(folder)/app.json"))
    let registry = Registry(
      home: fixture.home, catalog: try AppCatalog(functions: "\(fixture.path)/functions"))
    _ = try registry.add(connection: "o", app: "omega", settings: [:], secrets: [:])
    _ = try registry.flows.add(
      flow: "tell",
      json: [
        "name": "Tell", "type": "inbound", "when": ["step": "alpha/made"],
        "then": [["step": "omega/tell"]],
      ])
    _ = try registry.connect(flow: "tell", name: "told", connections: [:])
    _ = try registry.flows.enable("told", true)
    return registry
  }
}
