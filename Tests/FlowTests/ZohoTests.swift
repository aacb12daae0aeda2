import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import Testing
import Values

private let customerFlow = "chargebee-togai-zohobooks-customer-sync"
private let accountFlow = "togai-zohobooks-account-sync"
private let invoiceFlow = "togai-zohobooks-invoice-sync"
private let contacts = "/zohobooks/books/v3/contacts"
private let invoices = "/zohobooks/books/v3/invoices"

/// The flows into Zoho Books over real HTTP.
@Suite(.serialized) struct ZohoTests {
  // MARK: Customers

  @Test func makesACustomerInTogaiAndInZohoBooks() throws {
    try withFixture(customerFlow) { fixture, service in
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      let contact = try #require(fixture.zoho("contacts").first)
      #expect(contact["contact_name"] == "Company c1")
      #expect(contact["email"] == "c1@example.com")
      #expect(contact["currency_code"] == "USD")
      #expect(contact["notes"] == "Chargebee customer c1\nTogai customer c1")
      #expect(
        try fixture.ids(.customer, "chargebee:acme", "c1") == [
          "chargebee:acme": "c1", "togai:production": "c1",
          "zohobooks:10234695": contact["contact_id"].string,
        ])
    }
  }

  /// The original's example: the second action has trouble, and the first is not repeated.
  @Test(arguments: [
    Fault.Kind.fail(status: 500), .fail(status: 503), .limit(retryAfter: 1), .page, .drop,
    .doAndFail(status: 500),
  ])
  func repeatsOnlyTheActionThatHadTrouble(kind: Fault.Kind) throws {
    try withFixture(customerFlow) { fixture, service in
      fixture.sandbox.inject(
        Fault(kind, app: "zohobooks", method: "POST", path: "/books", times: 3))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", "/togai/customers") == 1)
      let run = try #require(try fixture.run(of: customerFlow))
      #expect(run.log.count { $0.name == "Step 2 End" } == 1)
    }
  }

  @Test func goesOnFromTheActionThatFailed() throws {
    try withFixture(customerFlow, endsWell: false) { fixture, service in
      fixture.sandbox.configureZohobooks { $0.currencies = ["EUR"] }
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      let failed = try #require(try fixture.run(of: customerFlow))
      #expect(failed.status == .failed)
      #expect(failed.reason?.contains("has no currency USD") == true)

      fixture.sandbox.configureZohobooks { $0.currencies = ["EUR", "USD"] }
      let book = RunStore(home: fixture.registry.home)
      _ = try book.retry(failed.id, now: fixture.clock.now())
      try fixture.wait { try book.run(failed.id).status == .success }
      #expect(fixture.zoho("contacts").map { $0["currency_code"] } == ["USD"])
      #expect(fixture.count("POST", "/togai/customers") == 1)
    }
  }

  /// Every request that changes something may be carried out without an answer that says so.
  @Test(arguments: [
    Fault.Kind.doAndDrop, .doAndFail(status: 504), .garbage, .wrongJSON,
  ])
  func makesAContactOnceThoughItsAnswerIsLost(kind: Fault.Kind) throws {
    try withFixture(customerFlow) { fixture, service in
      fixture.sandbox.inject(
        Fault(kind, app: "zohobooks", method: "POST", path: "/books/v3/contacts"))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", contacts) == 1)
    }
  }

  @Test func givesTwoCustomersOfOneNameAContactEach() throws {
    try withFixture(customerFlow) { fixture, service in
      for id in ["c1", "c2"] {
        _ = try fixture.sandbox.addCustomer([
          "id": .string(id), "company": "Twin", "email": .string("\(id)@example.com"),
        ])
        #expect(fixture.settle(service))
      }
      #expect(fixture.zoho("contacts").map { $0["contact_name"] } == ["Twin", "Twin (c2)"])
    }
  }

  @Test func takesTheContactThatAPersonMadeForTheSameAddress() throws {
    try withFixture(customerFlow) { fixture, service in
      _ = try fixture.sandbox.addContact([
        "contact_name": "COMPANY C1", "contact_persons": [["email": "C1@example.com"]],
      ])
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(try fixture.ids(.customer, "chargebee:acme", "c1")["zohobooks:10234695"] != nil)
    }
  }

  /// A contact without notes of ours is one customer's, even if another has the same name and address.
  @Test func givesAContactOfAPersonToOneCustomerOnly() throws {
    try withFixture(customerFlow) { fixture, service in
      _ = try fixture.sandbox.addContact([
        "contact_name": "Twin", "contact_persons": [["email": "twin@example.com"]],
      ])
      for id in ["c1", "c2"] {
        _ = try fixture.sandbox.addCustomer([
          "id": .string(id), "company": "Twin", "email": "twin@example.com",
        ])
        #expect(fixture.settle(service))
      }
      #expect(fixture.zoho("contacts").map { $0["contact_name"] } == ["Twin", "Twin (c2)"])
    }
  }

  // MARK: Accounts

  @Test func makesAContactForAnAccountOfTogai() throws {
    try withFixture(accountFlow) { fixture, service in
      try fixture.addTogaiAccount("t1")
      #expect(fixture.settle(service))
      let contact = try #require(fixture.zoho("contacts").first)
      #expect(contact["contact_name"] == "Company t1")
      #expect(contact["notes"] == "Togai account t1\nTogai customer t1")
      let id = try #require(contact["contact_id"].string)
      for kind in [Kind.customer, .account] {
        #expect(
          try fixture.ids(kind, "togai:production", "t1")
            == ["togai:production": "t1", "zohobooks:10234695": id])
      }
      let settings = fixture.sandbox.state["togai"]["settings"].array ?? []
      let shown = settings.filter { $0["id"] == "ZohobooksCustomerId" }.map { $0["value"] }
      #expect(shown == [.string(id), .string(id)])
    }
  }

  /// Both flows bring the same customer, at the same time.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func makesOneContactForACustomerThatComesTwoWays(seed: UInt64) throws {
    try withFixture(customerFlow, accountFlow, seed: seed, copies: 3) { fixture, service in
      for number in 1...3 { try fixture.addCustomer("c\(number)") }
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 3)
      for number in 1...3 {
        let contact = try fixture.ids(.account, "togai:production", "c\(number)")
        let other = try fixture.ids(.customer, "chargebee:acme", "c\(number)")
        #expect(contact["zohobooks:10234695"] == other["zohobooks:10234695"])
      }
    }
  }

  // MARK: Invoices

  @Test func makesTheInvoiceOfALinkedAccount() throws {
    try withFixture(accountFlow, invoiceFlow) { fixture, service in
      try fixture.addTogaiAccount("t1")
      #expect(fixture.settle(service))
      try fixture.invoice("t1", cents: 12_345)
      #expect(fixture.settle(service))
      let invoice = try #require(fixture.zoho("invoices").first)
      let source = try #require(fixture.sandbox.state["togai"]["invoices"].array?.first)
      #expect(invoice["reference_number"] == source["id"])
      #expect(invoice["status"] == "sent")
      #expect(invoice["total"].decimal == Decimal(12_345) / 100)
      #expect(invoice["customer_id"] == fixture.zoho("contacts").first?["contact_id"])
      let settings = fixture.sandbox.state["togai"]["settings"].array ?? []
      #expect(
        settings.contains {
          $0["id"] == "ZohobooksInvoiceId" && $0["value"] == invoice["invoice_id"]
        })
    }
  }

  @Test func makesTheInvoiceOfACustomerThatCameFromChargebee() throws {
    try withFixture(customerFlow, invoiceFlow) { fixture, service in
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      try fixture.invoice("c1", cents: 999)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("invoices").map { $0["status"] } == ["sent"])
    }
  }

  @Test func findsThePayerByTheContactsNotes() throws {
    try withFixture(invoiceFlow) { fixture, service in
      for (name, notes) in [("A", "Togai account t1-eu"), ("B", "VIP\nTogai account t1")] {
        _ = try fixture.sandbox.addContact([
          "contact_name": .string(name), "notes": .string(notes),
        ])
      }
      try fixture.addTogaiAccount("t1")
      try fixture.invoice("t1", cents: 500)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("invoices").map { $0["customer_name"] } == ["B"])
    }
  }

  @Test func billsNobodyWhoIsNotInZohoBooks() throws {
    try withFixture(invoiceFlow, endsWell: false) { fixture, service in
      try fixture.addTogaiAccount("t1")
      try fixture.invoice("t1", cents: 500)
      #expect(fixture.settle(service))
      let run = try #require(try fixture.run(of: invoiceFlow))
      #expect(run.status == .stopped)
      #expect(run.reason?.contains("no Zoho Books contact for t1") == true)
      #expect(fixture.zoho("invoices").isEmpty)
    }
  }

  @Test(
    arguments: [
      Fault.Kind.doAndDrop, .doAndFail(status: 504), .doAndFail(status: 500), .garbage,
      .wrongJSON,
    ], ["/books/v3/invoices", "/books/v3/invoices/"])
  func makesAnInvoiceOnceThoughItsAnswerIsLost(kind: Fault.Kind, path: String) throws {
    try withFixture(accountFlow, invoiceFlow) { fixture, service in
      try fixture.addTogaiAccount("t1")
      #expect(fixture.settle(service))
      fixture.sandbox.inject(Fault(kind, app: "zohobooks", method: "POST", path: path))
      try fixture.invoice("t1", cents: 4200)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("invoices").map { $0["status"] } == ["sent"])
      #expect(fixture.count("POST", invoices) == 1)
    }
  }

  @Test func readsRefusalsThatComeWithAGoodStatus() throws {
    try withFixture(accountFlow, invoiceFlow, endsWell: false) { fixture, service in
      fixture.sandbox.configureZohobooks {
        $0.hidesErrors = true
        $0.currencies = ["EUR", "USD"]
      }
      try fixture.addTogaiAccount("t1")
      #expect(fixture.settle(service))
      let home = fixture.registry.home
      try Links(home: home).unlink(.account, "togai:production", "t1")
      try Links(home: home).link(
        .account, ["togai:production": "t1", "zohobooks:10234695": "460000000000001"])
      try fixture.invoice("t1", cents: 4200)
      #expect(fixture.settle(service))
      let run = try #require(try fixture.run(of: invoiceFlow))
      #expect(run.status == .failed)
      #expect(run.reason?.contains("knows no contact 460000000000001") == true)
      let entry = try RunStore(home: home).effects(of: run).first { $0.name == "contact" }
      #expect(entry?.record["answer"]["status"] == 404)
    }
  }
}

// MARK: - Access tokens

extension ZohoTests {
  @Test func renewsTheAccessTokenInTheMiddle() throws {
    try withFixture(customerFlow) { fixture, service in
      fixture.sandbox.inject(
        Fault(.fail(status: 401), app: "zohobooks", method: "POST", path: "/books/v3/contacts"))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", contacts) == 2)
      #expect(fixture.sandbox.state["zohobooks"]["tokensGiven"] == 2)
      #expect(try Pauses(home: fixture.registry.home).reason(of: "zohobooks") == nil)
    }
  }

  @Test func renewsTheAccessTokenThatWasTakenBack() throws {
    try withFixture(customerFlow) { fixture, service in
      fixture.sandbox.revokeZohoTokens()
      for number in 1...4 { try fixture.addCustomer("c\(number)") }
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 4)
      #expect(fixture.sandbox.state["zohobooks"]["tokensGiven"] == 2)
    }
  }

  @Test func waitsWhileThereIsNoAccessToken() throws {
    try withFixture(customerFlow) { fixture, service in
      fixture.sandbox.revokeZohoTokens()
      fixture.sandbox.inject(
        Fault(.fail(status: 503), app: "zohobooks", path: "/oauth", times: 2))
      fixture.sandbox.inject(Fault(.drop, app: "zohobooks", path: "/oauth", times: 2))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
    }
  }

  @Test func pausesWhereASecondTokenIsRefused() throws {
    try withFixture(customerFlow) { fixture, service in
      let contact = Fault(
        .fail(status: 401), app: "zohobooks", path: "/books/v3/contacts", times: 2)
      fixture.sandbox.inject(contact)
      try fixture.addCustomer("c1")
      try fixture.waitForPause()
      #expect(fixture.zoho("contacts").isEmpty)
      #expect(try fixture.registry.test("zohobooks", clock: fixture.clock).hasSuffix("go on"))
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", "/togai/customers") == 1)
    }
  }

  @Test func pausesWhereTheRefreshTokenIsRefused() throws {
    try withFixture(customerFlow) { fixture, service in
      fixture.sandbox.revokeZohoTokens(isForGood: true)
      try fixture.addCustomer("c1")
      try fixture.waitForPause()
      let problem = #expect(throws: Problem.self) {
        try fixture.registry.test("zohobooks", clock: fixture.clock)
      }
      #expect(problem?.kind == .refused)
      #expect(problem?.description.contains("invalid_code") == true)
      try fixture.renewZohoCode()
      _ = try fixture.registry.test("zohobooks", clock: fixture.clock)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
    }
  }

  @Test func keepsTokensOutOfAllThatIsWritten() throws {
    let fixture = try EndToEnd(seed: 31)
    defer { fixture.close() }
    try fixture.connectZoho(customerFlow)
    try fixture.serve { service, _ in
      for kind in [.garbage, .wrongJSON, .fail(status: 401), .doAndFail(status: 401)]
        as [Fault.Kind]
      {
        fixture.sandbox.inject(Fault(kind, app: "zohobooks"))
      }
      try fixture.addCustomer("c1")
      try fixture.waitForPause()
      _ = try fixture.registry.test("zohobooks", clock: fixture.clock)
      #expect(fixture.settle(service))
    }
    #expect(try fixture.runs().allSatisfy { $0.status == .success })
    #expect(Canary.files(in: fixture.path) == [])
    #expect(!fixture.sandbox.requests.map(\.text).joined().contains(Canary.word))
  }
}

// MARK: - Plans

extension ZohoTests {
  @Test(arguments: [true, false])
  func plansWhatThenHappens(mayRead: Bool) throws {
    let fixture = try EndToEnd(seed: 41)
    defer { fixture.close() }
    try fixture.connectZoho(customerFlow)
    try fixture.addCustomer("c1")
    let event = try #require(fixture.sandbox.state["chargebee"]["events"].array?.last)
    let planner = Planner(
      registry: fixture.registry, functions: fixture.functions, mayRead: mayRead,
      clock: fixture.clock)
    let plan = try planner.plan(event, for: customerFlow)
    #expect(!plan.isInTrouble, "\(plan.json.text)")
    #expect(plan.parts.map(\.deed) == ["start", "create", "create"])
    let made = plan.parts[2].effects.first { $0.deed == .create }
    #expect(made?.path == "/contacts?organization_id=10234695")
    #expect(fixture.zoho("contacts").isEmpty)
  }
}

// MARK: - What they stand on

extension ZohoTests {
  /// Plays something while a dispatcher serves; unless told otherwise, all runs must end well.
  private func withFixture(
    _ flows: String..., seed: UInt64 = 30, copies: Int = 1, endsWell: Bool = true,
    _ play: (EndToEnd, DispatcherService) throws -> Void
  ) throws {
    let fixture = try EndToEnd(seed: seed)
    defer { fixture.close() }
    for flow in try fixture.registry.flows.connections() {
      try fixture.registry.flows.disconnect(flow.name)
    }
    try fixture.connectZoho()
    for flow in flows {
      _ = try fixture.registry.connect(flow: flow, name: flow, connections: [:])
      _ = try fixture.registry.flows.enable(flow, true)
    }
    try fixture.serve(copies: copies) { service, _ in try play(fixture, service) }
    guard endsWell else { return }
    let runs = try fixture.runs()
    #expect(!runs.isEmpty)
    #expect(runs.allSatisfy { $0.status == .success }, "\(runs.compactMap(\.reason))")
  }
}

extension EndToEnd {
  /// The run of a flow connection.
  fileprivate func run(of flow: String) throws -> Run? {
    try runs().first { $0.flowConnection == flow }
  }

  /// The runs without those of events of Togai that are for other flows, since they have no types.
  fileprivate func runs() throws -> [Run] {
    try RunStore(home: registry.home).runs().filter {
      !($0.reason?.hasPrefix("the event is no ") ?? false)
    }
  }

  /// All ids of a thing, by account.
  fileprivate func ids(_ kind: Kind, _ scope: String, _ id: String) throws -> [String: String?] {
    try Links(home: registry.home).row(kind, anyOf: [scope: id])?.ids ?? [:]
  }

  /// Waits until the connection to Zoho Books is paused.
  fileprivate func waitForPause() throws {
    try wait { try Pauses(home: registry.home).reason(of: "zohobooks") != nil }
  }

  /// Waits until something is so.
  fileprivate func wait(until isSo: () throws -> Bool) throws {
    for _ in 0..<6000 {
      if try isSo() { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    Issue.record("it does not come to that")
  }
}
