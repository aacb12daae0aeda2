import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import Synchronization
import TestSupport
import Testing
import Values

/// Events that no webhook brought are read from the APIs, each once.
@Suite(.serialized) struct CatchUpTests {
  // MARK: Chargebee

  @Test func firstReadingBeginsAndReadsNothingEarlier() throws {
    try withHome { home in
      try home.fixture.addCustomer("earlier")
      home.fixture.sandbox.advance(seconds: 2)
      #expect(try home.read("chargebee").begins)
      home.fixture.sandbox.advance(seconds: 3600)
      try home.fixture.addCustomer("later")
      let result = try home.read("chargebee")
      #expect(result.new == 1 && result.runs == 1)
      #expect(try home.events().map { $0["content"]["customer"]["id"] } == ["later"])
    }
  }

  @Test func sinceReadsEarlierEvents() throws {
    try withHome { home in
      let start = home.fixture.clock.now().adding(seconds: -1)
      try home.fixture.addCustomer("earlier")
      #expect(try home.read("chargebee").begins)
      #expect(try home.read("chargebee", since: start).new == 1)
      #expect(try home.read("chargebee", since: start).new == 0, "it is known")
    }
  }

  /// What happened after the time is not taken, and what is read next is the same as before.
  @Test func timeThatIsPastIsReadAndTheCursorStays() throws {
    try withHome { home in
      let start = home.fixture.clock.now().adding(seconds: -1)
      try home.fixture.addCustomer("earlier")
      home.fixture.sandbox.advance(seconds: 3600)
      let end = home.fixture.clock.now()
      home.fixture.sandbox.advance(seconds: 3600)
      try home.fixture.addCustomer("later")
      _ = try home.read("chargebee")
      let cursor = try home.cursor("chargebee")
      let result = try home.read("chargebee", since: start, until: end)
      #expect(result.new == 1 && result.runs == 1)
      #expect(try home.events().map { $0["content"]["customer"]["id"] } == ["earlier"])
      #expect(try home.cursor("chargebee") == cursor)
      let problem = #expect(throws: Problem.self) {
        _ = try home.read("togai", "invoices", since: start, until: end)
      }
      #expect(problem?.kind == .usage, "they do not say when they happened")
    }
  }

  /// A receiver that was down for four days, with pages that begin within a second, and webhooks that come
  /// late all the same.
  @Test func whatWasMissedInFourDaysComesInOnce() throws {
    try withHome { home in
      #expect(try home.read("chargebee").begins)
      let ids = (1...230).map { "c\($0)" }
      for (number, id) in ids.enumerated() {
        try home.fixture.addCustomer(id)
        if number.isMultiple(of: 77) { home.fixture.sandbox.advance(seconds: 86_400) }
      }
      let result = try home.read("chargebee")
      #expect(result.read == 230 && result.new == 230 && result.runs == 230)
      let again = try home.read("chargebee")
      #expect(again.new == 0 && again.read > 0, "readings overlap")
      let chargebee = try home.fixture.registry.connections.get("chargebee")
      let late = Intake(registry: home.fixture.registry, clock: home.fixture.clock)
      for event in home.fixture.sandbox.state["chargebee"]["events"].items {
        guard case .duplicate = late.take(event, from: chargebee) else {
          Issue.record("a webhook that comes late is known")
          return
        }
      }
      let accounts = home.fixture.sandbox.state["togai"]["accounts"].items
      #expect(accounts.isEmpty, "nothing has executed the runs yet")
      try home.execute()
      let made = home.fixture.sandbox.state["togai"]["accounts"].items.compactMap {
        $0["id"].string
      }
      #expect(made.sorted() == ids.sorted())
    }
  }

  /// A crash after the events of a page were stored, before the cursor was.
  @Test func pageThatIsReadTwiceStartsNothing() throws {
    try withHome { home in
      _ = try home.read("chargebee")
      let before = try home.cursor("chargebee")
      for number in 1...150 { try home.fixture.addCustomer("c\(number)") }
      #expect(try home.read("chargebee").new == 150)
      try home.setCursor("chargebee", before)
      let again = try home.read("chargebee")
      #expect(again.read == 150 && again.new == 0 && again.runs == 0)
    }
  }

  /// Only events that flows listen to are asked for.
  @Test func typesThatNobodyHearsAreNotRead() throws {
    try withHome { home in
      let payments = "associate-priceplan-on-chargebee-payment"
      _ = try home.fixture.registry.flows.enable(payments, false)
      _ = try home.read("chargebee")
      try home.fixture.addCustomer("acme")
      try home.fixture.pay("acme")
      let all = home.fixture.sandbox.state["chargebee"]["events"].items
      #expect(Set(all.map { $0["event_type"] }).count > 1)
      #expect(try home.read("chargebee").read == 1)
    }
  }

  @Test func troubleIsTriedAgainAndARefusedKeyPausesTheConnection() throws {
    try withHome { home in
      _ = try home.read("chargebee")
      try home.fixture.addCustomer("acme")
      home.fixture.sandbox.inject(Fault(.fail(status: 503), app: "chargebee", times: 2))
      #expect(try home.read("chargebee").new == 1)
      home.fixture.sandbox.inject(Fault(.fail(status: 503), app: "chargebee", times: 5))
      let problem = #expect(throws: Problem.self) { _ = try home.read("chargebee") }
      #expect(problem?.kind == .unavailable)
      let failure = try #require(try PollCursor(home.cursor("chargebee"))?.failure)
      #expect(failure.reason.contains("answered 503"))
      let attention = Attention(home.fixture.registry, isServing: true)
      #expect(try attention.items(at: failure.since.adding(seconds: 60)).isEmpty)
      let items = try attention.items(at: failure.since.adding(seconds: 3601))
      #expect(items.filter { $0.cause == .behind }.map(\.subject) == ["chargebee:acme/events"])
      #expect(try home.read("chargebee").new == 0)
      #expect(try PollCursor(home.cursor("chargebee"))?.failure == nil)
    }
    try withHome { home in
      let connection = try home.fixture.registry.connections.get("chargebee")
      try home.setCursor("chargebee", PollCursor(since: home.fixture.clock.now()).json)
      home.fixture.sandbox.inject(Fault(.fail(status: 401), app: "chargebee", times: 1))
      #expect(throws: Problem.self) { _ = try home.read("chargebee") }
      #expect(try Pauses(home: home.fixture.registry.home).reason(of: connection.name) != nil)
    }
  }

  // MARK: Togai

  /// An invoice that becomes due, and is not linked.
  @Test func dueInvoicesAreReadOnceAndLinkedOnesAreLeftOut() throws {
    try withHome { home in
      try home.begin()
      try home.fixture.addCustomer("acme")
      try home.readAll()
      try home.execute()
      #expect(try home.read("togai", "invoices").read == 0)
      try home.fixture.invoice("acme", cents: 12_345)
      #expect(try home.read("togai", "invoices").new == 1)
      #expect(try home.read("togai", "invoices").new == 0)
      try home.execute()
      #expect(home.fixture.sandbox.state["chargebee"]["invoices"].items.count == 1)
      #expect(try home.read("togai", "invoices").read == 0, "it is linked")
    }
  }

  /// Invoices of less than nothing, which become credits, and have another status.
  @Test func negativeInvoicesAreReadOnce() throws {
    try withHome { home in
      try home.connect("togai-chargebee-negative-invoice-sync")
      try home.begin()
      try home.fixture.addCustomer("acme")
      try home.readAll()
      try home.execute()
      try home.fixture.invoice("acme", cents: -1250)
      #expect(try home.read("togai", "invoices").read == 0)
      #expect(try home.read("togai", "credits").new == 1)
      #expect(try home.read("togai", "credits").new == 0)
      try home.execute()
      let customer = home.fixture.sandbox.state["chargebee"]["customers"].items.first
      #expect(customer?["promotional_credits"] == 1250)
      #expect(home.fixture.sandbox.state["chargebee"]["invoices"].items.isEmpty)
      #expect(try home.read("togai", "credits").read == 0, "it is linked")
    }
  }

  @Test func newAccountsAreReadWithTheirCustomers() throws {
    try withHome { home in
      try home.connect("togai-chargebee-customer-sync")
      try home.fixture.addTogaiAccount("earlier")
      home.fixture.sandbox.advance(seconds: 3600)
      try home.begin()
      try home.fixture.addTogaiAccount("own")
      #expect(try home.read("togai", "accounts").new == 1)
      #expect(try home.read("togai", "accounts").new == 0)
      try home.execute()
      let customers = home.fixture.sandbox.state["chargebee"]["customers"].items
      #expect(customers.map { $0["id"] } == ["own"])
    }
  }

  // MARK: On a schedule

  @Test func serveReadsByItselfWhatNoWebhookBrings() throws {
    try withHome { home in
      try HomeSetting.catchUp.set("1s", in: home.fixture.registry.home)
      try home.begin()
      try home.fixture.serve { service, _ in
        for app in ["chargebee", "togai"] { home.fixture.sandbox.setWebhook(nil, of: app) }
        try home.fixture.addCustomer("acme")
        #expect(home.fixture.waitForAccounts(1))
        try waitUntil { service.waitUntilIdle(within: 1) }
        try home.fixture.invoice("acme", cents: 500)
        try waitUntil {
          home.fixture.sandbox.state["chargebee"]["invoices"].items.count == 1
        }
        try waitUntil { service.waitUntilIdle(within: 1) }
      }
      #expect(try Invariants.violations(in: home.fixture, claims: [.customers, .invoices]) == [])
    }
  }

  // MARK: Private

  private func withHome(_ body: (PolledHome) throws -> Void) throws {
    let fixture = try EndToEnd(seed: 11)
    defer { fixture.close() }
    try body(PolledHome(fixture: fixture))
  }
}

/// A home without webhooks.
private struct PolledHome {
  let fixture: EndToEnd

  private var catchUp: CatchUp {
    CatchUp(
      fixture.registry, caller: fixture.functions,
      intake: Intake(registry: fixture.registry, clock: fixture.clock), clock: fixture.clock
    ) { Thread.sleep(forTimeInterval: min($0, 0.01)) }
  }

  private func plan(_ connection: String, _ poll: String) throws -> PollPlan {
    let plans = try PollPlan.all(fixture.registry, connection: connection)
    return try #require(plans.first { $0.step.name == poll })
  }

  func read(
    _ connection: String, _ poll: String = "", since: Timestamp? = nil, until: Timestamp? = nil
  ) throws -> CatchUpResult {
    let poll = poll.isEmpty ? "events" : poll
    if let since, let until {
      return try catchUp.read(plan(connection, poll), since: since, until: until)
    }
    return try catchUp.read(plan(connection, poll), since: since)
  }

  /// Begins all polls.
  func begin() throws { try readAll() }

  func readAll() throws {
    for plan in try PollPlan.all(fixture.registry) { _ = try catchUp.read(plan) }
  }

  func connect(_ flow: String) throws {
    _ = try fixture.registry.connect(flow: flow, name: flow, connections: [:])
    _ = try fixture.registry.flows.enable(flow, true)
  }

  /// Executes all open runs.
  func execute() throws {
    try fixture.serve { service, _ in
      for app in ["chargebee", "togai"] { fixture.sandbox.setWebhook(nil, of: app) }
      #expect(fixture.settle(service))
    }
  }

  func events() throws -> [JSON] {
    try EventStore(home: fixture.registry.home).entries().map(\.body)
  }

  private func key(_ connection: String) throws -> String {
    let scope = try fixture.registry.connections.get(connection).scope
    return PollCursor.key(scope, "events")
  }

  func cursor(_ connection: String) throws -> JSON {
    try fixture.registry.home.document(at: key(connection)) ?? .null
  }

  func setCursor(_ connection: String, _ cursor: JSON) throws {
    _ = try fixture.registry.home.commit([.put(key(connection), cursor)])
  }
}
