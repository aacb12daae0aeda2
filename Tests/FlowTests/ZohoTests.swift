import Dispatcher
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import Stage
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
    try onStage(customerFlow) { stage, service in
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      let contact = try #require(stage.zoho("contacts").first)
      #expect(contact["contact_name"] == "Company c1")
      #expect(contact["email"] == "c1@example.com")
      #expect(contact["currency_code"] == "USD")
      #expect(contact["notes"] == "Chargebee customer c1\nTogai customer c1")
      #expect(
        try stage.ids(.customer, "chargebee:acme", "c1") == [
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
    try onStage(customerFlow) { stage, service in
      stage.sandbox.inject(
        Fault(kind, app: "zohobooks", method: "POST", path: "/books", times: 3))
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
      #expect(stage.count("POST", "/togai/customers") == 1)
      let run = try #require(try stage.run(of: customerFlow))
      #expect(run.log.count { $0.name == "Step 2 End" } == 1)
    }
  }

  @Test func goesOnFromTheActionThatFailed() throws {
    try onStage(customerFlow, endsWell: false) { stage, service in
      stage.sandbox.configureZohobooks { $0.currencies = ["EUR"] }
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      let failed = try #require(try stage.run(of: customerFlow))
      #expect(failed.status == .failed)
      #expect(failed.reason?.contains("has no currency USD") == true)

      stage.sandbox.configureZohobooks { $0.currencies = ["EUR", "USD"] }
      let book = RunStore(home: stage.registry.home)
      _ = try book.retry(failed.id, now: stage.clock.now())
      try stage.wait { try book.run(failed.id).status == .success }
      #expect(stage.zoho("contacts").map { $0["currency_code"] } == ["USD"])
      #expect(stage.count("POST", "/togai/customers") == 1)
    }
  }

  /// Every request that changes something may be carried out without an answer that says so.
  @Test(arguments: [
    Fault.Kind.doAndDrop, .doAndFail(status: 504), .garbage, .wrongJSON,
  ])
  func makesAContactOnceThoughItsAnswerIsLost(kind: Fault.Kind) throws {
    try onStage(customerFlow) { stage, service in
      stage.sandbox.inject(
        Fault(kind, app: "zohobooks", method: "POST", path: "/books/v3/contacts"))
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
      #expect(stage.count("POST", contacts) == 1)
    }
  }

  @Test func givesTwoCustomersOfOneNameAContactEach() throws {
    try onStage(customerFlow) { stage, service in
      for id in ["c1", "c2"] {
        _ = try stage.sandbox.addCustomer([
          "id": .string(id), "company": "Twin", "email": .string("\(id)@example.com"),
        ])
        #expect(stage.settle(service))
      }
      #expect(stage.zoho("contacts").map { $0["contact_name"] } == ["Twin", "Twin (c2)"])
    }
  }

  @Test func takesTheContactThatAPersonMadeForTheSameAddress() throws {
    try onStage(customerFlow) { stage, service in
      _ = try stage.sandbox.addContact([
        "contact_name": "COMPANY C1", "contact_persons": [["email": "C1@example.com"]],
      ])
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
      #expect(try stage.ids(.customer, "chargebee:acme", "c1")["zohobooks:10234695"] != nil)
    }
  }

  /// A contact without notes of ours is one customer's, even if another has the same name and address.
  @Test func givesAContactOfAPersonToOneCustomerOnly() throws {
    try onStage(customerFlow) { stage, service in
      _ = try stage.sandbox.addContact([
        "contact_name": "Twin", "contact_persons": [["email": "twin@example.com"]],
      ])
      for id in ["c1", "c2"] {
        _ = try stage.sandbox.addCustomer([
          "id": .string(id), "company": "Twin", "email": "twin@example.com",
        ])
        #expect(stage.settle(service))
      }
      #expect(stage.zoho("contacts").map { $0["contact_name"] } == ["Twin", "Twin (c2)"])
    }
  }

  // MARK: Accounts

  @Test func makesAContactForAnAccountOfTogai() throws {
    try onStage(accountFlow) { stage, service in
      try stage.addTogaiAccount("t1")
      #expect(stage.settle(service))
      let contact = try #require(stage.zoho("contacts").first)
      #expect(contact["contact_name"] == "Company t1")
      #expect(contact["notes"] == "Togai account t1\nTogai customer t1")
      let id = try #require(contact["contact_id"].string)
      for kind in [Kind.customer, .account] {
        #expect(
          try stage.ids(kind, "togai:production", "t1")
            == ["togai:production": "t1", "zohobooks:10234695": id])
      }
      let settings = stage.sandbox.state["togai"]["settings"].array ?? []
      let shown = settings.filter { $0["id"] == "ZohobooksCustomerId" }.map { $0["value"] }
      #expect(shown == [.string(id), .string(id)])
    }
  }

  /// Both flows bring the same customer, at the same time.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func makesOneContactForACustomerThatComesTwoWays(seed: UInt64) throws {
    try onStage(customerFlow, accountFlow, seed: seed, copies: 3) { stage, service in
      for number in 1...3 { try stage.addCustomer("c\(number)") }
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 3)
      for number in 1...3 {
        let contact = try stage.ids(.account, "togai:production", "c\(number)")
        let other = try stage.ids(.customer, "chargebee:acme", "c\(number)")
        #expect(contact["zohobooks:10234695"] == other["zohobooks:10234695"])
      }
    }
  }

  // MARK: Invoices

  @Test func makesTheInvoiceOfALinkedAccount() throws {
    try onStage(accountFlow, invoiceFlow) { stage, service in
      try stage.addTogaiAccount("t1")
      #expect(stage.settle(service))
      try stage.invoice("t1", cents: 12_345)
      #expect(stage.settle(service))
      let invoice = try #require(stage.zoho("invoices").first)
      let source = try #require(stage.sandbox.state["togai"]["invoices"].array?.first)
      #expect(invoice["reference_number"] == source["id"])
      #expect(invoice["status"] == "sent")
      #expect(invoice["total"].decimal == Decimal(12_345) / 100)
      #expect(invoice["customer_id"] == stage.zoho("contacts").first?["contact_id"])
      let settings = stage.sandbox.state["togai"]["settings"].array ?? []
      #expect(
        settings.contains {
          $0["id"] == "ZohobooksInvoiceId" && $0["value"] == invoice["invoice_id"]
        })
    }
  }

  @Test func makesTheInvoiceOfACustomerThatCameFromChargebee() throws {
    try onStage(customerFlow, invoiceFlow) { stage, service in
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      try stage.invoice("c1", cents: 999)
      #expect(stage.settle(service))
      #expect(stage.zoho("invoices").map { $0["status"] } == ["sent"])
    }
  }

  @Test func findsThePayerByTheContactsNotes() throws {
    try onStage(invoiceFlow) { stage, service in
      for (name, notes) in [("A", "Togai account t1-eu"), ("B", "VIP\nTogai account t1")] {
        _ = try stage.sandbox.addContact([
          "contact_name": .string(name), "notes": .string(notes),
        ])
      }
      try stage.addTogaiAccount("t1")
      try stage.invoice("t1", cents: 500)
      #expect(stage.settle(service))
      #expect(stage.zoho("invoices").map { $0["customer_name"] } == ["B"])
    }
  }

  @Test func billsNobodyWhoIsNotInZohoBooks() throws {
    try onStage(invoiceFlow, endsWell: false) { stage, service in
      try stage.addTogaiAccount("t1")
      try stage.invoice("t1", cents: 500)
      #expect(stage.settle(service))
      let run = try #require(try stage.run(of: invoiceFlow))
      #expect(run.status == .stopped)
      #expect(run.reason?.contains("no Zoho Books contact for t1") == true)
      #expect(stage.zoho("invoices").isEmpty)
    }
  }

  @Test(
    arguments: [
      Fault.Kind.doAndDrop, .doAndFail(status: 504), .doAndFail(status: 500), .garbage,
      .wrongJSON,
    ], ["/books/v3/invoices", "/books/v3/invoices/"])
  func makesAnInvoiceOnceThoughItsAnswerIsLost(kind: Fault.Kind, path: String) throws {
    try onStage(accountFlow, invoiceFlow) { stage, service in
      try stage.addTogaiAccount("t1")
      #expect(stage.settle(service))
      stage.sandbox.inject(Fault(kind, app: "zohobooks", method: "POST", path: path))
      try stage.invoice("t1", cents: 4200)
      #expect(stage.settle(service))
      #expect(stage.zoho("invoices").map { $0["status"] } == ["sent"])
      #expect(stage.count("POST", invoices) == 1)
    }
  }

  @Test func readsRefusalsThatComeWithAGoodStatus() throws {
    try onStage(accountFlow, invoiceFlow, endsWell: false) { stage, service in
      stage.sandbox.configureZohobooks {
        $0.hidesErrors = true
        $0.currencies = ["EUR", "USD"]
      }
      try stage.addTogaiAccount("t1")
      #expect(stage.settle(service))
      let home = stage.registry.home
      try Links(home: home).unlink(.account, "togai:production", "t1")
      try Links(home: home).link(
        .account, ["togai:production": "t1", "zohobooks:10234695": "460000000000001"])
      try stage.invoice("t1", cents: 4200)
      #expect(stage.settle(service))
      let run = try #require(try stage.run(of: invoiceFlow))
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
    try onStage(customerFlow) { stage, service in
      stage.sandbox.inject(
        Fault(.fail(status: 401), app: "zohobooks", method: "POST", path: "/books/v3/contacts"))
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
      #expect(stage.count("POST", contacts) == 2)
      #expect(stage.sandbox.state["zohobooks"]["tokensGiven"] == 2)
      #expect(try Pauses(home: stage.registry.home).reason(of: "zohobooks") == nil)
    }
  }

  @Test func renewsTheAccessTokenThatWasTakenBack() throws {
    try onStage(customerFlow) { stage, service in
      stage.sandbox.revokeZohoTokens()
      for number in 1...4 { try stage.addCustomer("c\(number)") }
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 4)
      #expect(stage.sandbox.state["zohobooks"]["tokensGiven"] == 2)
    }
  }

  @Test func waitsWhileThereIsNoAccessToken() throws {
    try onStage(customerFlow) { stage, service in
      stage.sandbox.revokeZohoTokens()
      stage.sandbox.inject(
        Fault(.fail(status: 503), app: "zohobooks", path: "/oauth", times: 2))
      stage.sandbox.inject(Fault(.drop, app: "zohobooks", path: "/oauth", times: 2))
      try stage.addCustomer("c1")
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
    }
  }

  @Test func pausesWhereASecondTokenIsRefused() throws {
    try onStage(customerFlow) { stage, service in
      let contact = Fault(
        .fail(status: 401), app: "zohobooks", path: "/books/v3/contacts", times: 2)
      stage.sandbox.inject(contact)
      try stage.addCustomer("c1")
      try stage.waitForPause()
      #expect(stage.zoho("contacts").isEmpty)
      #expect(try stage.registry.test("zohobooks", clock: stage.clock).hasSuffix("go on"))
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
      #expect(stage.count("POST", "/togai/customers") == 1)
    }
  }

  @Test func pausesWhereTheRefreshTokenIsRefused() throws {
    try onStage(customerFlow) { stage, service in
      stage.sandbox.revokeZohoTokens(isForGood: true)
      try stage.addCustomer("c1")
      try stage.waitForPause()
      let problem = #expect(throws: Problem.self) {
        try stage.registry.test("zohobooks", clock: stage.clock)
      }
      #expect(problem?.kind == .refused)
      #expect(problem?.description.contains("invalid_code") == true)
      try stage.renewZohoCode()
      _ = try stage.registry.test("zohobooks", clock: stage.clock)
      #expect(stage.settle(service))
      #expect(stage.zoho("contacts").count == 1)
    }
  }

  @Test func keepsTokensOutOfAllThatIsWritten() throws {
    let stage = try Stage(seed: 31)
    defer { stage.close() }
    try stage.connectZoho(customerFlow)
    try stage.serve { service, _ in
      for kind in [.garbage, .wrongJSON, .fail(status: 401), .doAndFail(status: 401)]
        as [Fault.Kind]
      {
        stage.sandbox.inject(Fault(kind, app: "zohobooks"))
      }
      try stage.addCustomer("c1")
      try stage.waitForPause()
      _ = try stage.registry.test("zohobooks", clock: stage.clock)
      #expect(stage.settle(service))
    }
    #expect(try stage.runs().allSatisfy { $0.status == .success })
    #expect(Canary.finds(in: stage.path) == [])
    #expect(!stage.sandbox.requests.map(\.text).joined().contains(Canary.word))
  }
}

// MARK: - Plans

extension ZohoTests {
  @Test(arguments: [true, false])
  func plansWhatThenHappens(mayRead: Bool) throws {
    let stage = try Stage(seed: 41)
    defer { stage.close() }
    try stage.connectZoho(customerFlow)
    try stage.addCustomer("c1")
    let event = try #require(stage.sandbox.state["chargebee"]["events"].array?.last)
    let planner = Planner(
      registry: stage.registry, caller: stage.functions, mayRead: mayRead, clock: stage.clock)
    let plan = try planner.plan(event, for: customerFlow)
    #expect(!plan.needsAttention, "\(plan.json.text)")
    #expect(plan.parts.map(\.summary) == ["start", "create", "create"])
    let made = plan.parts[2].effects.first { $0.changeKind == .create }
    #expect(made?.path == "/contacts?organization_id=10234695")
    #expect(stage.zoho("contacts").isEmpty)
  }
}

// MARK: - What they stand on

extension ZohoTests {
  /// Plays something while a dispatcher serves; unless told otherwise, all runs must end well.
  private func onStage(
    _ flows: String..., seed: UInt64 = 30, copies: Int = 1, endsWell: Bool = true,
    _ play: (Stage, DispatcherService) throws -> Void
  ) throws {
    let stage = try Stage(seed: seed)
    defer { stage.close() }
    for flow in try stage.registry.flows.connections() {
      try stage.registry.flows.disconnect(flow.name)
    }
    try stage.connectZoho()
    for flow in flows {
      _ = try stage.registry.connect(flow: flow, name: flow, connections: [:])
      _ = try stage.registry.flows.enable(flow, true)
    }
    try stage.serve(copies: copies) { service, _ in try play(stage, service) }
    guard endsWell else { return }
    let runs = try stage.runs()
    #expect(!runs.isEmpty)
    #expect(runs.allSatisfy { $0.status == .success }, "\(runs.compactMap(\.reason))")
  }
}

extension Stage {
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
