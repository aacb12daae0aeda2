import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Records
import Sandbox
import Setup
import Stage
import StepKit
import Store
import Testing
import Values

/// Webhooks that are set up through the app's API, against the strict server.
@Suite(.serialized) struct WebhookEndpointTests {
  private static let url = "https://hooks.acme.example"
  private static let events = ["customer_created", "payment_succeeded"]

  @Test func installsWhatTheFlowsNeed() throws {
    try onStage { stage, endpoints in
      let made = try endpoints.install(base: Self.url)
      #expect(made.url == "\(Self.url)/hooks/chargebee")
      #expect(made.events == Self.events)
      #expect(made.isOurs && !made.isDisabled)
      let kept = try #require(stage.endpoints.first)
      #expect(kept["api_version"] == "v2")
      #expect(kept["chargebee_response_schema_type"] == "items")
      #expect(kept["basic_auth_username"] == "meterbridge")
      #expect(kept["name"] == "Meterbridge chargebee")
    }
  }

  /// Every event goes where the endpoint leads, with the name and the password that were told.
  @Test func getsTheWebhooksThatItAskedFor() throws {
    try onStage { stage, endpoints in
      try stage.serve { service, port in
        stage.sandbox.setWebhook(nil, of: "chargebee")
        _ = try endpoints.install(base: "http://127.0.0.1:\(port)")
        try stage.addCustomer("c1")
        #expect(stage.settle(service))
      }
      let deliveries = stage.sandbox.deliveries.filter { $0["app"] == "chargebee" }
      #expect(deliveries.map { $0["outcome"] } == ["200"])
      #expect(stage.hasAccount("c1"))
    }
  }

  @Test func changesTheOneThatIsThere() throws {
    try onStage { stage, endpoints in
      let first = try endpoints.install(base: Self.url)
      _ = try stage.registry.connect(
        flow: "chargebee-togai-customer-changes", name: "more", connections: [:])
      let second = try endpoints.install(base: "\(Self.url)/hooks/chargebee/")
      #expect(second.id == first.id)
      #expect(second.events == ["customer_changed"] + Self.events)
      #expect(stage.endpoints.count == 1)
    }
  }

  @Test func makesAPasswordWhereThereIsNone() throws {
    try onStage { stage, _ in
      _ = try stage.registry.add(
        connection: "other", app: "chargebee",
        settings: ["site": "acme", "baseUrl": stage.sandbox.chargebeeURL],
        secrets: ["apiKey": Secret(Canary.chargebeeKey)])
      let connection = try stage.registry.connections.get("other")
      #expect(throws: Problem.self) {
        try stage.registry.webhookURL(of: connection, base: Self.url)
      }
      let endpoints = try WebhookEndpoints(registry: stage.registry, connection: "other")
      _ = try endpoints.install(base: Self.url)
      #expect(
        try stage.registry.webhookURL(of: connection, base: Self.url)
          == "\(Self.url)/hooks/other")
      #expect(try endpoints.all().map(\.isOurs) == [true])
    }
  }

  /// One serves all connections to a site: a second would bring every event twice.
  @Test func changesTheOneOfAnotherConnection() throws {
    try onStage { stage, endpoints in
      let first = try endpoints.install(base: Self.url)
      _ = try stage.registry.add(
        connection: "other", app: "chargebee",
        settings: ["site": "acme", "baseUrl": stage.sandbox.chargebeeURL],
        secrets: ["apiKey": Secret(Canary.chargebeeKey)])
      let other = try WebhookEndpoints(registry: stage.registry, connection: "other")
      let second = try other.install(base: Self.url)
      #expect(second.id == first.id)
      #expect(try endpoints.all().map(\.url) == ["\(Self.url)/hooks/other"])
    }
  }

  @Test func refusesASixth() throws {
    try onStage { stage, endpoints in
      for number in 1...5 { try stage.addEndpoint("https://crm.example/\(number)") }
      let problem = #expect(throws: Problem.self) { try endpoints.install(base: Self.url) }
      #expect(problem?.kind == .refused)
      #expect(problem?.description.contains("allows 5 webhooks, and has them") == true)
    }
  }

  @Test func leavesOthersAlone() throws {
    try onStage { stage, endpoints in
      try stage.addEndpoint("https://crm.example/hooks/other")
      _ = try endpoints.install(base: Self.url)
      #expect(try endpoints.all().map(\.isOurs).sorted { $0 && !$1 } == [true, false])
      #expect(try endpoints.uninstall().count == 1)
      #expect(try endpoints.all().map(\.url) == ["https://crm.example/hooks/other"])
    }
  }

  /// Another home may have a connection of that name, and gets its webhooks on.
  @Test func leavesANamesakeElsewhereAlone() throws {
    try onStage { stage, endpoints in
      let elsewhere = "https://staging.example/hooks/chargebee"
      try stage.addEndpoint(elsewhere)
      #expect(try endpoints.all().map(\.mayLeadHere) == [true])
      let made = try endpoints.install(base: Self.url)
      #expect(try Set(endpoints.all().map(\.url)) == [elsewhere, made.url])
      #expect(try endpoints.uninstall().map(\.url) == [made.url])
      #expect(try endpoints.all().map(\.url) == [elsewhere])
    }
  }

  /// What a backup was restored to is another home, and the webhook is the first one's.
  @Test func aRestoredHomeTakesNothingOver() throws {
    try onStage { stage, endpoints in
      let made = try endpoints.install(base: Self.url)
      #expect(try stage.registry.webhooks(of: "chargebee:acme").map(\.url) == [made.url])
      let folder = NSTemporaryDirectory() + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let now = Timestamp(seconds: 1_790_000_000)
      _ = try stage.registry.home.backUp(to: "\(folder)/backup", now: now)
      _ = try Home.restore("\(folder)/home", from: "\(folder)/backup")
      let other = Registry(
        home: try Home(at: "\(folder)/home"), catalog: stage.registry.catalog)
      #expect(try other.connections.all().count == stage.registry.connections.all().count)
      #expect(try other.webhooks(of: "chargebee:acme").isEmpty)
    }
  }

  /// What was made by hand and leads to the very URL is taken over; so is what was made when the
  /// answer was lost.
  @Test func takesOverTheOneThatLeadsThere() throws {
    try onStage { stage, endpoints in
      try stage.addEndpoint("\(Self.url)/hooks/chargebee")
      #expect(try endpoints.all().map(\.isOurs) == [false])
      #expect(try endpoints.install(base: Self.url).events == Self.events)
      #expect(try endpoints.all().map(\.isOurs) == [true])
      #expect(try endpoints.install(base: "https://new.example").url.hasPrefix("https://new."))
      #expect(stage.endpoints.count == 1)
    }
  }

  /// The doctor asks the app; one webhook serves all connections to a site, and each may be the one that
  /// takes it.
  @Test func theDoctorFindsThatTheAppSendsNothing() throws {
    try onStage { stage, endpoints in
      func finding() -> Finding? {
        var found: [Finding] = []
        Doctor(
          home: stage.registry.home.path, keyFile: nil, catalog: stage.registry.catalog,
          caller: stage.functions
        ).examine { found.append($0) }
        return found.first { $0.subject == "webhooks chargebee" }
      }
      #expect(finding()?.grade == .wrong)
      #expect(finding()?.words.contains("customer_created, payment_succeeded") == true)
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
  func refusesAURL(url: String) throws {
    try onStage { stage, endpoints in
      #expect(throws: Problem.self) { try endpoints.install(base: url) }
      #expect(stage.endpoints.isEmpty)
    }
  }

  @Test func saysWhatToDoWhereTheAppCannotBeTold() throws {
    try onStage { stage, _ in
      let problem = #expect(throws: Problem.self) {
        try WebhookEndpoints(registry: stage.registry, connection: "togai")
      }
      #expect(problem?.description.contains("webhook url --connection togai") == true)
    }
  }

  private func onStage(_ body: (Stage, WebhookEndpoints) throws -> Void) throws {
    let stage = try Stage()
    defer { stage.close() }
    try body(stage, try WebhookEndpoints(registry: stage.registry, connection: "chargebee"))
  }
}

extension Stage {
  /// Somebody else's endpoint, made by the API.
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
