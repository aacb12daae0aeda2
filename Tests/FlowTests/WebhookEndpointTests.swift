import Dispatcher
import EndToEndSupport
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

@testable import Console

/// Webhook endpoints that are set up through the API of Chargebee.
@Suite(.serialized) struct WebhookEndpointTests {
  private static let url = "https://hooks.acme.example"
  private static let events = ["customer_created", "customer_moved_in", "payment_succeeded"]

  @Test func installSubscribesToTheEventsOfTheFlows() throws {
    try withFixture { fixture, endpoints in
      let made = try endpoints.install(base: Self.url)
      #expect(made.url == "\(Self.url)/hooks/chargebee")
      #expect(made.events == Self.events)
      #expect(made.isOurs && !made.isDisabled)
      // What the console answers is as its OpenAPI file says
      let schema = try Schema(OpenAPI.document["components"]["schemas"]["Webhook"])
      #expect(schema.fault(in: made.json(missing: [])) == nil)
      let kept = try #require(fixture.endpoints.first)
      #expect(kept["api_version"] == "v2")
      #expect(kept["chargebee_response_schema_type"] == "items")
      #expect(kept["basic_auth_username"] == "meterbridge")
      #expect(kept["name"] == "Meterbridge chargebee")
    }
  }

  /// Each event is sent to the URL of the endpoint, with its user name and password.
  @Test func installedEndpointReceivesWebhooks() throws {
    try withFixture { fixture, endpoints in
      try fixture.serve { service, port in
        fixture.sandbox.setWebhook(nil, of: "chargebee")
        _ = try endpoints.install(base: "http://127.0.0.1:\(port)")
        try fixture.addCustomer("c1")
        #expect(fixture.settle(service))
      }
      let deliveries = fixture.sandbox.deliveries.filter { $0["app"] == "chargebee" }
      #expect(deliveries.map { $0["outcome"] } == ["200"])
      #expect(fixture.hasAccount("c1"))
    }
  }

  @Test func secondInstallChangesTheEndpoint() throws {
    try withFixture { fixture, endpoints in
      let first = try endpoints.install(base: Self.url)
      _ = try fixture.registry.connect(
        flow: "chargebee-togai-customer-changes", name: "more", connections: [:])
      let second = try endpoints.install(base: "\(Self.url)/hooks/chargebee/")
      #expect(second.id == first.id)
      let changes = [
        "customer_business_entity_changed", "customer_changed", "customer_deleted",
        "customer_moved_out",
      ]
      #expect(second.events == (changes + Self.events).sorted())
      #expect(fixture.endpoints.count == 1)
    }
  }

  @Test func installMakesAMissingPassword() throws {
    try withFixture { fixture, _ in
      _ = try fixture.registry.add(
        connection: "other", app: "chargebee",
        settings: ["site": "acme", "baseUrl": fixture.sandbox.chargebeeURL],
        secrets: ["apiKey": Secret(Canary.chargebeeKey)])
      let connection = try fixture.registry.connections.get("other")
      #expect(throws: Problem.self) {
        try fixture.registry.webhookURL(of: connection, base: Self.url)
      }
      let endpoints = try WebhookEndpoints(registry: fixture.registry, connection: "other")
      _ = try endpoints.install(base: Self.url)
      #expect(
        try fixture.registry.webhookURL(of: connection, base: Self.url)
          == "\(Self.url)/hooks/other")
      #expect(try endpoints.all().map(\.isOurs) == [true])
    }
  }

  /// One endpoint serves all connections to a site: with a second one every event would arrive twice.
  @Test func installForAnotherConnectionOfTheSiteMovesTheEndpoint() throws {
    try withFixture { fixture, endpoints in
      let first = try endpoints.install(base: Self.url)
      _ = try fixture.registry.add(
        connection: "other", app: "chargebee",
        settings: ["site": "acme", "baseUrl": fixture.sandbox.chargebeeURL],
        secrets: ["apiKey": Secret(Canary.chargebeeKey)])
      let other = try WebhookEndpoints(registry: fixture.registry, connection: "other")
      let second = try other.install(base: Self.url)
      #expect(second.id == first.id)
      #expect(try endpoints.all().map(\.url) == ["\(Self.url)/hooks/other"])
    }
  }

  @Test func sixthEndpointIsRefused() throws {
    try withFixture { fixture, endpoints in
      for number in 1...5 { try fixture.addEndpoint("https://crm.example/\(number)") }
      let problem = #expect(throws: Problem.self) { try endpoints.install(base: Self.url) }
      #expect(problem?.kind == .refused)
      #expect(problem?.description.contains("allows 5 webhooks, and all are in use") == true)
    }
  }

  @Test func endpointsOfOthersAreLeftAlone() throws {
    try withFixture { fixture, endpoints in
      try fixture.addEndpoint("https://crm.example/hooks/other")
      _ = try endpoints.install(base: Self.url)
      #expect(try endpoints.all().map(\.isOurs).sorted { $0 && !$1 } == [true, false])
      #expect(try endpoints.uninstall().count == 1)
      #expect(try endpoints.all().map(\.url) == ["https://crm.example/hooks/other"])
    }
  }

  /// Another home may have a connection of the same name, and needs its endpoint.
  @Test func endpointOfAnotherHomeIsLeftAlone() throws {
    try withFixture { fixture, endpoints in
      let elsewhere = "https://staging.example/hooks/chargebee"
      try fixture.addEndpoint(elsewhere)
      #expect(try endpoints.all().map(\.mayLeadHere) == [true])
      let made = try endpoints.install(base: Self.url)
      #expect(try Set(endpoints.all().map(\.url)) == [elsewhere, made.url])
      #expect(try endpoints.uninstall().map(\.url) == [made.url])
      #expect(try endpoints.all().map(\.url) == [elsewhere])
    }
  }

  /// A restored home is another home; the endpoint belongs to the first.
  @Test func restoredHomeOwnsNoEndpoint() throws {
    try withFixture { fixture, endpoints in
      let made = try endpoints.install(base: Self.url)
      #expect(try fixture.registry.webhooks(of: "chargebee:acme").map(\.url) == [made.url])
      let folder = NSTemporaryDirectory() + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let now = Timestamp(seconds: 1_790_000_000)
      _ = try fixture.registry.home.backUp(to: "\(folder)/backup", now: now)
      _ = try Home.restore(
        "\(folder)/home", from: "\(folder)/backup",
        keyFile: "\(fixture.registry.home.path)/key")
      let other = Registry(
        home: try Home(at: "\(folder)/home"), catalog: fixture.registry.catalog)
      #expect(try other.connections.all().count == fixture.registry.connections.all().count)
      #expect(try other.webhooks(of: "chargebee:acme").isEmpty)
    }
  }

  /// An endpoint with the same URL is adopted, whether it was made by hand or its answer was lost.
  @Test func installTakesOverAnEndpointWithItsURL() throws {
    try withFixture { fixture, endpoints in
      try fixture.addEndpoint("\(Self.url)/hooks/chargebee")
      #expect(try endpoints.all().map(\.isOurs) == [false])
      #expect(try endpoints.install(base: Self.url).events == Self.events)
      #expect(try endpoints.all().map(\.isOurs) == [true])
      #expect(try endpoints.install(base: "https://new.example").url.hasPrefix("https://new."))
      #expect(fixture.endpoints.count == 1)
    }
  }

  /// The doctor reads the endpoints; any connection to the site may be the one that receives webhooks.
  @Test func doctorReportsMissingEndpoint() throws {
    try withFixture { fixture, endpoints in
      func finding() -> Finding? {
        var found: [Finding] = []
        Doctor(
          home: fixture.registry.home.path, keyFile: nil, catalog: fixture.registry.catalog,
          caller: fixture.functions
        ).examine { found.append($0) }
        return found.first { $0.subject == "webhooks chargebee" }
      }
      #expect(finding()?.grade == .wrong)
      #expect(
        finding()?.words.contains("customer_created, customer_moved_in, payment_succeeded") == true)
      _ = try endpoints.install(base: Self.url)
      #expect(finding()?.grade != .wrong)
      _ = try endpoints.uninstall()
      #expect(finding()?.grade == .wrong)
    }
  }

  @Test(arguments: [
    "http://hooks.acme.example", "hooks.acme.example", "ftp://127.0.0.1",
    "https://user:word@hooks.acme.example",
  ])
  func insecureURLIsRefused(url: String) throws {
    try withFixture { fixture, endpoints in
      #expect(throws: Problem.self) { try endpoints.install(base: url) }
      #expect(fixture.endpoints.isEmpty)
    }
  }

  @Test func appWithoutEndpointAPIIsRefusedWithAdvice() throws {
    try withFixture { fixture, _ in
      let problem = #expect(throws: Problem.self) {
        try WebhookEndpoints(registry: fixture.registry, connection: "togai")
      }
      #expect(problem?.description.contains("webhook url --connection togai") == true)
    }
  }

  private func withFixture(_ body: (EndToEnd, WebhookEndpoints) throws -> Void) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try body(fixture, try WebhookEndpoints(registry: fixture.registry, connection: "chargebee"))
  }
}

extension EndToEnd {
  /// Creates an endpoint of another system.
  fileprivate func addEndpoint(_ url: String) throws {
    var request = ClientRequest(
      "POST", "\(sandbox.chargebeeURL)/webhook_endpoints", body: Array("name=CRM&url=\(url)".utf8))
    request.headers = [
      "Authorization": "Basic " + Data("\(Canary.chargebeeKey):".utf8).base64EncodedString(),
      "Content-Type": "application/x-www-form-urlencoded",
    ]
    let answer = try CurlClient().send(request)
    #expect(answer.status == 200)
  }

  fileprivate var endpoints: [JSON] {
    sandbox.state["chargebee"]["webhook_endpoints"].array ?? []
  }
}
