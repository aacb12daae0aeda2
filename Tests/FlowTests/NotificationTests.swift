import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import HTTPClient
import Records
import Sandbox
import Service
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

@testable import Operations

/// What needs attention is told by flows of the built-in app.
@Suite(.serialized) struct NotificationTests {
  // MARK: When and how often

  /// A thousand failures of one cause are one message.
  @Test func manyThingsOfOneCauseAreOneEvent() throws {
    try withHome { home, _ in
      var notifier = home.notifier()
      try notifier.tell(home.news(new: (1...600).map { home.failure($0) }), at: home.time(0))
      try notifier.tell(home.news(new: (601...1000).map { home.failure($0) }), at: home.time(10))
      let isWaiting = notifier.isWaiting
      #expect(isWaiting)
      #expect(try home.events().isEmpty)
      for seconds in stride(from: 15, to: 3600, by: 300) {
        try notifier.tell(home.news(), at: home.time(seconds))
      }
      let events = try home.events()
      #expect(events.count == 1)
      #expect(events.first?["causes"].items.map { $0["count"] } == [1000])
      #expect(events.first?["causes"].items.first?["items"].items.count == 10)
    }
  }

  /// What is added to a cause within an hour comes together after it; another cause comes at once.
  @Test func nextEventOfACauseComesAnHourLater() throws {
    try withHome { home, _ in
      var notifier = home.notifier()
      try notifier.tell(home.news(new: [home.failure(1)]), at: home.time(0))
      try notifier.tell(home.news(), at: home.time(20))
      try notifier.tell(home.news(new: [home.failure(2), home.failure(3)]), at: home.time(60))
      try notifier.tell(home.news(new: [home.failure(4, of: "invoices")]), at: home.time(70))
      try notifier.tell(home.news(), at: home.time(100))
      #expect(try home.told() == [["failed/run.1"], ["failed/run.4"]])
      try notifier.tell(home.news(), at: home.time(3619))
      #expect(try home.told().count == 2)
      try notifier.tell(home.news(), at: home.time(3620))
      #expect(try home.told().last == ["failed/run.2", "failed/run.3"])
    }
  }

  @Test func digestHasWhatIsNewSinceTheLast() throws {
    try withHome(when: "daily") { home, _ in
      var notifier = home.notifier()
      try notifier.tell(home.news(new: [home.failure(1)]), at: home.time(0))
      try notifier.tell(home.news(), at: home.time(20))
      try notifier.tell(home.news(new: [home.failure(2)]), at: home.time(3600))
      try notifier.tell(home.news(new: [home.pause("acme")]), at: home.time(7200))
      try notifier.tell(home.news(), at: home.time(86_400))
      #expect(try home.told() == [["failed/run.1"]])
      try notifier.tell(home.news(), at: home.time(86_420))
      #expect(try home.told() == [["failed/run.1"], ["failed/run.2", "paused/acme"]])
      let last = try home.events().last
      #expect(last?["open"] == 3)
      #expect(last?["type"] == "daily")
      try notifier.tell(home.news(), at: home.time(3 * 86_400))
      #expect(try home.told().count == 2)
    }
  }

  @Test func whatEndsBeforeItIsToldIsNotTold() throws {
    try withHome { home, _ in
      var notifier = home.notifier()
      try notifier.tell(home.news(new: [home.failure(1)]), at: home.time(0))
      try notifier.tell(home.news(ended: ["failed/run.1"]), at: home.time(5))
      try notifier.tell(home.news(), at: home.time(60))
      #expect(try home.events().isEmpty)
    }
  }

  /// The first look after a restart gives everything that is there.
  @Test func restartRepeatsNothing() throws {
    try withHome { home, _ in
      var notifier = home.notifier()
      try notifier.tell(home.news(new: [home.failure(1), home.pause("acme")]), at: home.time(0))
      try notifier.tell(home.news(), at: home.time(20))
      var next = home.notifier()
      let all = [home.failure(1), home.failure(50), home.pause("acme")]
      try next.tell(home.news(new: all, isFirst: true), at: home.time(3700))
      try next.tell(home.news(), at: home.time(3720))
      #expect(try home.told() == [["failed/run.1", "paused/acme"], ["failed/run.50"]])
      // It was resumed and is paused again
      try next.tell(home.news(ended: ["paused/acme"]), at: home.time(3800))
      try next.tell(home.news(new: [home.pause("acme", at: 9000)]), at: home.time(9000))
      try next.tell(home.news(), at: home.time(9020))
      #expect(try home.told().last == ["paused/acme"])
    }
  }

  /// What comes of a notification leads to none.
  @Test func attentionOfANotificationIsNotTold() throws {
    try withHome { home, _ in
      var notifier = home.notifier()
      try notifier.tell(home.news(new: [home.failure(1, of: "tell")]), at: home.time(0))
      try notifier.tell(home.news(), at: home.time(60))
      #expect(try home.events().isEmpty)
    }
  }

  @Test func nothingIsStoredIfNoFlowIsEnabled() throws {
    try withHome { home, fixture in
      _ = try fixture.registry.flows.enable("tell", false)
      var notifier = home.notifier()
      try notifier.tell(home.news(new: [home.failure(1)]), at: home.time(0))
      try notifier.tell(home.news(), at: home.time(60))
      #expect(try home.events().isEmpty)
      // What is still there is told once a flow is
      _ = try fixture.registry.flows.enable("tell", true)
      try notifier.tell(home.news(), at: home.time(120))
      #expect(try home.told() == [["failed/run.1"]])
    }
  }

  // MARK: Start to end

  /// Failures of many customers become one message in Slack, and one mail.
  @Test func failuresAreToldInSlackAndByMail() throws {
    let server = try TestMailServer(security: "starttls", login: "user:\(Canary.word)-mail")
    defer { server.stop() }
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.connectSlack()
    _ = try fixture.registry.add(
      connection: "email", app: "email",
      settings: [
        "host": "localhost", "port": "\(server.port)", "username": "user",
        "from": "bridge@acme.example", "authorities": server.certificate,
      ], secrets: ["password": Secret("\(Canary.word)-mail")])
    try fixture.notify("meterbridge-slack-notifications", as: "tell")
    try fixture.notify(
      "meterbridge-email-notifications", as: "mail",
      ["email/send-message": ["to": "ops@acme.example"]])
    try fixture.serve { service, _ in
      fixture.sandbox.inject(
        Fault(.fail(status: 400), app: "togai", path: "/customers", times: 900))
      for number in 1...30 { try fixture.addCustomer("c\(number)") }
      try waitUntil(within: 60) { try !server.messages().isEmpty }
      try waitUntil(within: 60) { !fixture.sandbox.slackMessages().isEmpty }
      let text = try #require(fixture.sandbox.slackMessages().first)
      #expect(
        text.hasPrefix("Failed (30): runs that cannot go on\n- chargebee-togai-customer-sync"))
      #expect(text.contains("meterbridge run retry run."))
      #expect(text.hasSuffix("- and 25 more: meterbridge attention"))
      let mail = try #require(try server.messages().first)
      #expect(mail["headers"]["Subject"] == "Meterbridge: 30 failed")
      #expect(mail["to"] == ["ops@acme.example"])
      #expect(mail["text"].string?.hasPrefix("Failed (30)") == true)
      #expect(service.waitUntilIdle(within: 60))
      Thread.sleep(forTimeInterval: 3)
      #expect(fixture.sandbox.slackMessages().count == 1)
      #expect(try server.messages().count == 1)
    }
    #expect(Canary.files(in: fixture.path) == [])
  }

  /// A notification that cannot be sent stops nothing, needs attention, and leads to no other.
  @Test func failedNotificationNeedsAttentionAndStopsNothing() throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.connectSlack()
    try fixture.notify("meterbridge-slack-notifications", as: "tell")
    fixture.sandbox.removeSlackWebhook()
    try fixture.serve { service, _ in
      fixture.sandbox.inject(Fault(.fail(status: 400), app: "togai", path: "/customers"))
      try fixture.addCustomer("c1")
      let attention = Attention(fixture.registry, isServing: true)
      func flows() throws -> [String?] {
        try attention.items(at: fixture.clock.now()).map(\.flowConnection)
      }
      try waitUntil(within: 60) { try flows().contains("tell") }
      #expect(try flows() == ["chargebee-togai-customer-sync", "tell"])
      try fixture.addCustomer("c2")
      try waitUntil(within: 60) { fixture.hasAccount("c2") }
      #expect(service.waitUntilIdle(within: 60))
      Thread.sleep(forTimeInterval: 4)
      #expect(try NotificationHome(fixture).events().count == 1)
      #expect(try flows().count == 2)
    }
  }

  // MARK: The built-in connection

  @Test func builtInConnectionCannotBeChanged() throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let registry = fixture.registry
    #expect(try registry.connections.get("meterbridge").scope == "meterbridge:home")
    #expect(try !registry.connections.all().contains { $0.name == "meterbridge" })
    for change in [
      { _ = try registry.add(connection: "own", app: "meterbridge", settings: [:], secrets: [:]) },
      {
        _ = try registry.add(
          connection: "meterbridge", app: "slack", settings: [:],
          secrets: ["webhookUrl": Secret("https://hooks.example.com/x")])
      },
      { _ = try registry.change(connection: "meterbridge", settings: [:], secrets: [:]) },
      { try registry.remove(connection: "meterbridge") },
    ] as [() throws -> Void] { #expect(throws: Problem.self) { try change() } }
  }

  /// Its events never come over the network.
  @Test func builtInConnectionTakesNoWebhook() throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.connectSlack()
    try fixture.notify("meterbridge-slack-notifications", as: "tell")
    try fixture.serve { _, port in
      for path in ["meterbridge", "meterbridge/", "meterbridge/x"] {
        let status = try fixture.status(
          ofPostTo: "http://127.0.0.1:\(port)/hooks/\(path)", #"{"id":"x","type":"at-once"}"#)
        #expect(status == 401)
      }
    }
    #expect(throws: Problem.self) {
      try fixture.registry.webhookURL(
        of: fixture.registry.connections.get("meterbridge"), base: "https://hooks.example.com")
    }
  }

  // MARK: Private

  private func withHome(
    when: String = "at-once", _ body: (NotificationHome, EndToEnd) throws -> Void
  ) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.connectSlack()
    let settings = when == "at-once" ? [:] : ["meterbridge/needs-attention": ["when": when]]
    try fixture.notify("meterbridge-slack-notifications", as: "tell", settings)
    try body(NotificationHome(fixture), fixture)
  }
}

extension EndToEnd {
  /// Adds a connection to the simulated Slack.
  fileprivate func connectSlack() throws {
    sandbox.configureSlack { $0.webhook = ["T0", "B0", "\(Canary.word)-slack"] }
    let url = sandbox.slackURL.replacing("/api", with: "/services/T0/B0/\(Canary.word)-slack")
    _ = try registry.add(
      connection: "slack", app: "slack", settings: [:], secrets: ["webhookUrl": Secret(url)])
  }

  /// Connects and enables a public flow.
  fileprivate func notify(
    _ flow: String, as name: String, _ settings: [String: [String: String]] = [:]
  ) throws {
    var fields: [StepID: [String: String]] = [:]
    for (step, values) in settings { fields[try #require(StepID(step))] = values }
    _ = try registry.connect(flow: flow, name: name, connections: [:], settings: fields)
    _ = try registry.flows.enable(name, true)
  }

  fileprivate func status(ofPostTo url: String, _ body: String) throws -> Int {
    try CurlClient().send(ClientRequest("POST", url, body: Array(body.utf8))).status
  }
}
