import Dispatcher
import EndToEndSupport
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

/// The Slack app against the simulated Slack, by a webhook and by a bot.
@Suite(.serialized) struct SlackAppTests {
  /// The two ways to connect to Slack.
  enum Way: CaseIterable, Sendable { case webhook, bot }

  @Test(arguments: Way.allCases) func messageIsPosted(way: Way) throws {
    try withFixture(way) { fixture in
      let run = try fixture.post("evt_1")
      #expect(run.status == .success, "\(run.reason ?? "")")
      #expect(fixture.sandbox.slackMessages() == ["New: Acme &amp; Sons"])
      #expect(Canary.files(in: fixture.path) == [])
    }
  }

  @Test(arguments: Way.allCases) func limitIsRespected(way: Way) throws {
    try withFixture(way) { fixture in
      fixture.sandbox.inject(Fault(.limit(retryAfter: 3), app: "slack", times: 2))
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending)
      try fixture.carryOn()
      #expect(fixture.sandbox.slackMessages().count == 1)
    }
  }

  /// A lost answer posts the message twice, and never not at all.
  @Test(arguments: Way.allCases, [Fault.Kind.doAndDrop, .doAndFail(status: 500), .drop, .garbage])
  func lostAnswerPostsTheMessageAgain(way: Way, kind: Fault.Kind) throws {
    try withFixture(way) { fixture in
      fixture.sandbox.inject(Fault(kind, app: "slack"))
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending, "\(run.status)")
      #expect(run.reason?.contains("may appear twice") == true, "\(run.reason ?? "")")
      #expect(run.due.milliseconds - fixture.clock.now().milliseconds > 400_000)
      fixture.sandbox.advance(seconds: 6000)
      try fixture.carryOn()
      #expect(fixture.sandbox.slackMessages().count == (kind == .drop ? 1 : 2))
    }
  }

  /// JSON of another shape is none of Slack's answers: the message is posted once more, at once.
  @Test(arguments: Way.allCases) func meaninglessAnswerPostsTheMessageAgain(way: Way) throws {
    try withFixture(way) { fixture in
      fixture.sandbox.inject(Fault(.wrongJSON, app: "slack"))
      let good = try fixture.post("evt_1")
      try fixture.carryOn()
      let runs = RunStore(home: fixture.registry.home)
      let status = try runs.run(good.id).status
      #expect(status == .success)
      #expect(fixture.sandbox.slackMessages().count == 2)
      fixture.sandbox.inject(Fault(.wrongJSON, app: "slack", times: 2))
      let bad = try fixture.post("evt_2")
      try fixture.carryOn()
      let last = try runs.run(bad.id).status
      #expect(last == .failed)
    }
  }

  @Test func removedWebhookFailsTheRun() throws {
    try withFixture(.webhook) { fixture in
      fixture.sandbox.removeSlackWebhook()
      let run = try fixture.post("evt_1")
      #expect(run.status == .failed)
      #expect(run.reason?.contains("the webhook was removed") == true, "\(run.reason ?? "")")
    }
  }

  @Test func channelWithoutTheBotFailsTheRun() throws {
    try withFixture(.bot) { fixture in
      _ = try fixture.sandbox.setSlackChannel(["id": "C0SANDBOX", "hasBot": false])
      let run = try fixture.post("evt_1")
      #expect(run.status == .failed)
      #expect(run.reason?.contains("to which the bot is invited") == true, "\(run.reason ?? "")")
    }
  }

  /// A bad token pauses the connection; its runs go on with a good one.
  @Test func revokedTokenPausesTheConnection() throws {
    try withFixture(.bot) { fixture in
      fixture.sandbox.configureSlack { $0.token = "xoxb-other" }
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending)
      let reason = try Pauses(home: fixture.registry.home).reason(of: "slack")
      #expect(reason?.contains("(401)") == true)
      fixture.sandbox.configureSlack { $0.token = Self.token }
      let said = try fixture.registry.test("slack")
      #expect(said.hasSuffix("its runs go on"))
      fixture.sandbox.advance(seconds: 60)
      try fixture.carryOn()
      #expect(fixture.sandbox.slackMessages().count == 1)
    }
  }

  /// By a webhook, a test posts a message; by a bot it posts none.
  @Test(arguments: Way.allCases) func connectionIsTested(way: Way) throws {
    try withFixture(way) { fixture in
      let said = try fixture.registry.test("slack")
      #expect(said.hasPrefix("Slack"))
      #expect(fixture.sandbox.slackMessages().count == (way == .webhook ? 1 : 0))
    }
  }

  @Test(arguments: [
    ([:], [:], "needs one of these: --secret webhookUrl=@FILE, or --secret token=@FILE --set"),
    ([:], ["token": "x"], "needs one of these"), (["channel": "C1"], [:], "needs one of these"),
    (["channel": "C1"], ["webhookUrl": "https://hooks.example.com/x"], "takes only one of these"),
    ([:], ["webhookUrl": "http://hooks.example.com/hidden"], "is not https"),
    ([:], ["webhookUrl": "https://10.1.2.3/hidden"], "10.1.2.3 is no public address"),
    ([:], ["webhookUrl": "hidden"], "is not a URL"),
    ([:], ["webhookUrl": "https://hidden@hooks.example.com/"], "is not a URL"),
  ])
  func incompleteOrUnsafeSettingsAreRefused(
    settings: [String: String], secrets: [String: String], reason: String
  ) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.add(
        connection: "slack", app: "slack", settings: settings,
        secrets: secrets.mapValues { Secret($0) })
    }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
    #expect(problem?.description.contains("hidden") == false)
  }

  // MARK: Private

  private static let token = "\(Canary.word)-slack"

  private func withFixture(_ way: Way, _ body: (EndToEnd) throws -> Void) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    fixture.sandbox.configureSlack {
      $0.token = Self.token
      $0.webhook = ["T0", "B0", Self.token]
    }
    let url = fixture.sandbox.slackURL.replacing("/api", with: "/services/T0/B0/\(Self.token)")
    _ = try fixture.registry.add(
      connection: "slack", app: "slack",
      settings: way == .bot ? ["channel": "C0SANDBOX", "baseUrl": fixture.sandbox.slackURL] : [:],
      secrets: way == .bot ? ["token": Secret(Self.token)] : ["webhookUrl": Secret(url)])
    _ = try fixture.registry.flows.add(
      flow: "tell",
      json: [
        "name": "Tell", "type": "inbound", "when": ["step": "chargebee/customer-created"],
        "then": [["step": "slack/post-message", "payload": ["text": "New: {company}"]]],
      ])
    _ = try fixture.registry.connect(flow: "tell", name: "tell", connections: [:])
    _ = try fixture.registry.flows.enable("chargebee-togai-customer-sync", false)
    _ = try fixture.registry.flows.enable("tell", true)
    try body(fixture)
  }
}

extension EndToEnd {
  /// Dispatches the event of a new customer.
  fileprivate func post(_ id: String) throws -> Run {
    let event: JSON = [
      "id": .string(id), "event_type": "customer_created", "api_version": "v2",
      "occurred_at": 1_767_139_200, "object": "event",
      "content": ["customer": ["id": "c1", "company": "Acme & Sons", "object": "customer"]],
    ]
    let runs = try Foreground(registry: registry, caller: functions, clock: clock)
      .dispatch(event, from: registry.connections.get("chargebee"))
    return try #require(runs.first { $0.flowConnection == "tell" })
  }

  /// Runs a service until every run has ended.
  fileprivate func carryOn() throws {
    try serve { service, _ in
      #expect(service.waitUntilIdle(within: 60))
    }
  }
}
