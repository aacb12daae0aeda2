import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import Records
import Sandbox
import Service
import Setup
import StepKit
import Store
import Synchronization
import TestSupport
import Testing
import Values

@testable import Operations

/// What `serve` does at the times of schedules.
@Suite(.serialized) struct ScheduleTests {
  /// What was missed is made up once; what was before a schedule was seen is not.
  @Test func missedTimesStartAFlowOnce() throws {
    try withHome { home in
      try home.remind("0 9 * * * Europe/Paris")
      #expect(try home.work.due().isEmpty)
      #expect(try home.work.due().isEmpty)
      // Three mornings pass, all of them in winter
      home.now.withLock { $0 = $0.adding(seconds: 3 * 86_400) }
      let due = try home.work.due()
      let morning = try #require(due.first)
      #expect(due.map(\.schedule.name) == ["flow/remind"])
      #expect(morning.time.text.hasSuffix("T08:00:00Z"))
      #expect(morning.time <= home.time && morning.time.adding(seconds: 86_400) > home.time)
      _ = try home.work.perform(morning.schedule, morning.time)
      #expect(try home.work.due().isEmpty)
      // A process that ended before it noted the time does it again
      _ = try home.work.perform(morning.schedule, morning.time)
      let events = try home.events()
      #expect(events.map { $0["at"].time } == [morning.time])
      #expect(events.first?["zone"] == "Europe/Paris")
      #expect(try RunStore(home: home.registry.home).runs().count == 1)
    }
  }

  @Test func changedScheduleBeginsAnew() throws {
    try withHome { home in
      try HomeSetting.catalogueCheck.set("@daily", in: home.registry.home)
      _ = try home.work.due()
      home.now.withLock { $0 = $0.adding(seconds: 5 * 86_400) }
      try HomeSetting.catalogueCheck.set("@hourly", in: home.registry.home)
      #expect(try home.work.due().isEmpty)
      home.now.withLock { $0 = $0.adding(seconds: 3600) }
      #expect(try home.work.due().map(\.schedule.name) == ["catalogueCheck"])
      // Nothing is missed while it is off
      try HomeSetting.catalogueCheck.set("off", in: home.registry.home)
      #expect(try home.work.due().isEmpty)
      home.now.withLock { $0 = $0.adding(seconds: 5 * 86_400) }
      try HomeSetting.catalogueCheck.set("@hourly", in: home.registry.home)
      #expect(try home.work.due().isEmpty)
    }
  }

  /// A cursor begins when catch-up is switched on, and not at its first time.
  @Test(arguments: ["0 6 * * *", "10m"])
  func catchUpReadsWhatHappenedSinceItWasSwitchedOn(times: String) throws {
    try withHome { home in
      try HomeSetting.catchUp.set(times, in: home.registry.home)
      #expect(try home.work.due().isEmpty)
      try home.fixture.addCustomer("acme")
      home.fixture.sandbox.inject(Fault(.fail(status: 400), app: "togai", method: "GET", times: 1))
      let result = try home.perform(after: 86_400)
      // One account that cannot be read keeps no other from it
      #expect(result.said.contains("cannot be read"), "\(result.said)")
      #expect(result.said.contains("chargebee:acme: webhooks had not brought"), "\(result.said)")
      #expect(result.isGood && result.isNews)
      #expect(try home.work.due().isEmpty)
    }
  }

  /// What was noted in the future, before the clock was set back, holds nothing up.
  @Test func clockThatIsSetBackBeginsAnew() throws {
    try withHome { home in
      try HomeSetting.catalogueCheck.set("@hourly", in: home.registry.home)
      let start = home.time
      home.now.withLock { $0 = $0.adding(seconds: 365 * 86_400) }
      _ = try home.perform(after: 3600)
      home.now.withLock { $0 = start }
      #expect(try home.perform(after: 3600).isGood)
    }
  }

  /// Two flow connections of one schedule are both started by one event.
  @Test func flowsOfOneScheduleAreStartedOnce() throws {
    try withHome { home in
      try home.remind("@daily")
      try home.remind("@daily", as: "again")
      _ = try home.work.due()
      home.now.withLock { $0 = $0.adding(seconds: 86_400) }
      for (schedule, time) in try home.work.due() { _ = try home.work.perform(schedule, time) }
      let runs = try RunStore(home: home.registry.home).runs()
      #expect(Set(runs.map(\.flowConnection)) == ["remind", "again"])
      #expect(runs.count == 2)
    }
  }

  @Test func scheduledReconciliationThatDiffersNeedsAttention() throws {
    try withHome { home in
      try HomeSetting.reconcile.set("@hourly", in: home.registry.home)
      try home.fixture.addCustomer("acme")
      try home.fixture.addTogaiAccount("acme")
      try home.fixture.invoice("acme", cents: 500)
      let result = try home.perform(after: 2 * 86_400)
      #expect(!result.isGood)
      #expect(result.said.hasSuffix("They differ: 1 to look at."), "\(result.said)")
      let items = try Attention(home.registry, isServing: true).items(at: home.time)
      let item = try #require(items.first { $0.cause == .schedule })
      #expect(item.reason == "reconcile: \(result.said)")
      let kept = try ReconciliationStore(home: home.registry.home).latest(limit: 5).kept
      #expect(kept.map(\.state) == [.differs])
      #expect(kept.map(\.by) == ["schedule"])
    }
  }

  @Test func catalogueCheckFindsWhatIsGone() throws {
    try withHome { home in
      try HomeSetting.catalogueCheck.set("@hourly", in: home.registry.home)
      #expect(try home.perform(after: 3600).isGood)
      let step = try #require(StepID("togai/associate-price-plan"))
      let name = "associate-priceplan-on-chargebee-payment"
      try home.registry.flows.disconnect(name)
      _ = try home.registry.connect(
        flow: name, name: name, connections: [:], settings: [step: ["pricePlan": "gone"]])
      _ = try home.registry.flows.enable(name, true)
      let result = try home.perform(after: 3600)
      #expect(!result.isGood)
      #expect(result.said.contains("gone is not there"), "\(result.said)")
      let shown = try home.registry.shownSchedules(at: home.time)
      #expect(shown.map { $0["ok"] } == [false])
      #expect(shown.first?["said"].string == result.said)
      #expect(try #require(shown.first?["next"].time) > home.time)
    }
  }

  @Test func serveKeepsTheSchedules() throws {
    try withHome { home in
      // A minute of the fixture's clock takes six seconds
      try HomeSetting.catalogueCheck.set("* * * * *", in: home.registry.home)
      try home.remind("* * * * *")
      try home.fixture.serve { _, _ in
        try waitUntil(within: 60) {
          try home.registry.shownSchedules(at: home.fixture.clock.now())
            .allSatisfy { $0["ok"] == true }
        }
        try waitUntil(within: 60) { !home.fixture.sandbox.slackMessages().isEmpty }
      }
      #expect(home.fixture.sandbox.slackMessages().first?.contains("Sign off") == true)
    }
  }

  private func withHome(_ body: (ScheduledHome) throws -> Void) throws {
    let fixture = try EndToEnd(seed: 12)
    defer { fixture.close() }
    try body(ScheduledHome(fixture: fixture))
  }
}

/// A home whose time the test sets.
private final class ScheduledHome: Sendable {
  let fixture: EndToEnd
  let now: Mutex<Timestamp>

  init(fixture: EndToEnd) {
    self.fixture = fixture
    now = Mutex(fixture.clock.now())
  }

  var registry: Registry { fixture.registry }
  var time: Timestamp { now.withLock(\.self) }

  var work: ScheduledWork {
    let clock = WallClock { [self] in time }
    return ScheduledWork(
      registry, caller: fixture.functions, intake: Intake(registry: registry, clock: clock),
      clock: clock
    ) { _ in }
  }

  /// Connects a reminder in Slack.
  func remind(_ schedule: String, as name: String = "remind") throws {
    if try registry.connections.all().allSatisfy({ $0.name != "slack" }) {
      fixture.sandbox.configureSlack { $0.webhook = ["T0", "B0", "\(Canary.word)-slack"] }
      let url = fixture.sandbox.slackURL.replacing(
        "/api", with: "/services/T0/B0/\(Canary.word)-slack")
      _ = try registry.add(
        connection: "slack", app: "slack", settings: [:], secrets: ["webhookUrl": Secret(url)])
    }
    let step = try #require(StepID("meterbridge/scheduled"))
    _ = try registry.connect(
      flow: "meterbridge-slack-reminders", name: name, connections: [:],
      settings: [step: ["schedule": schedule, "text": "Sign off the month"]])
    _ = try registry.flows.enable(name, true)
  }

  /// Does the only thing that is due after a number of seconds.
  func perform(after seconds: Int) throws -> ScheduleResult {
    _ = try work.due()
    now.withLock { $0 = $0.adding(seconds: seconds) }
    let due = try work.due()
    try #require(due.count == 1)
    return try work.perform(due[0].schedule, due[0].time)
  }

  /// The events of the built-in app.
  func events() throws -> [JSON] {
    try registry.home.documents(below: StoreKey.event.prefix + "meterbridge:home/").map {
      $0.document["body"]
    }
  }
}
