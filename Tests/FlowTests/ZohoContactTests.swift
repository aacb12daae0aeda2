import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import TestSupport
import Testing
import Values

private let contacts = "/zohobooks/books/v3/contacts"

/// Customers and accounts in Zoho Books.
@Suite(.serialized) struct ZohoContactTests {
  // MARK: Customers

  @Test func customerIsCreatedInTogaiAndInZohoBooks() throws {
    try withZoho(customerFlow) { fixture, service in
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

  /// The second action fails, and the first is not repeated.
  @Test(arguments: [
    Fault.Kind.fail(status: 500), .fail(status: 503), .limit(retryAfter: 1), .page, .drop,
    .doAndFail(status: 500),
  ])
  func failedActionIsRepeatedAlone(kind: Fault.Kind) throws {
    try withZoho(customerFlow) { fixture, service in
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

  @Test func retriedRunContinuesAtItsFailedAction() throws {
    try withZoho(customerFlow, endsWell: false) { fixture, service in
      fixture.sandbox.configureZohobooks { $0.currencies = ["EUR"] }
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      let failed = try #require(try fixture.run(of: customerFlow))
      #expect(failed.status == .failed)
      #expect(failed.reason?.contains("has no currency USD") == true)

      fixture.sandbox.configureZohobooks { $0.currencies = ["EUR", "USD"] }
      let runStore = RunStore(home: fixture.registry.home)
      _ = try runStore.retry(failed.id, now: fixture.clock.now())
      try waitUntil(within: 60) { try runStore.run(failed.id).status == .success }
      #expect(fixture.zoho("contacts").map { $0["currency_code"] } == ["USD"])
      #expect(fixture.count("POST", "/togai/customers") == 1)
    }
  }

  /// The request is carried out, but its answer is lost.
  @Test(arguments: [
    Fault.Kind.doAndDrop, .doAndFail(status: 504), .garbage, .wrongJSON,
  ])
  func contactIsCreatedOnceIfItsAnswerIsLost(kind: Fault.Kind) throws {
    try withZoho(customerFlow) { fixture, service in
      fixture.sandbox.inject(
        Fault(kind, app: "zohobooks", method: "POST", path: "/books/v3/contacts"))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", contacts) == 1)
    }
  }

  @Test func customersOfOneNameHaveAContactEach() throws {
    try withZoho(customerFlow) { fixture, service in
      for id in ["c1", "c2"] {
        _ = try fixture.sandbox.addCustomer([
          "id": .string(id), "company": "Twin", "email": .string("\(id)@example.com"),
        ])
        #expect(fixture.settle(service))
      }
      #expect(fixture.zoho("contacts").map { $0["contact_name"] } == ["Twin", "Twin (c2)"])
    }
  }

  @Test func contactWithTheSameAddressIsAdopted() throws {
    try withZoho(customerFlow) { fixture, service in
      _ = try fixture.sandbox.addContact([
        "contact_name": "COMPANY C1", "contact_persons": [["email": "C1@example.com"]],
      ])
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(try fixture.ids(.customer, "chargebee:acme", "c1")["zohobooks:10234695"] != nil)
    }
  }

  /// A contact that a person made belongs to one customer, even if two have its name and address.
  @Test func contactIsAdoptedByOneCustomerOnly() throws {
    try withZoho(customerFlow) { fixture, service in
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

  @Test func accountOfTogaiGetsAContact() throws {
    try withZoho(accountFlow) { fixture, service in
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

  /// Two flows sync the same customer at the same time.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func customerThatArrivesTwoWaysGetsOneContact(seed: UInt64) throws {
    try withZoho(customerFlow, accountFlow, seed: seed, copies: 3) { fixture, service in
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

  @Test(arguments: [true, false])
  func planPredictsAZohoSync(mayRead: Bool) throws {
    let fixture = try EndToEnd(seed: 41)
    defer { fixture.close() }
    try fixture.connectZoho(customerFlow)
    try fixture.addCustomer("c1")
    let event = try #require(fixture.sandbox.state["chargebee"]["events"].array?.last)
    let planner = Planner(
      registry: fixture.registry, caller: fixture.functions, mayRead: mayRead,
      clock: fixture.clock)
    let plan = try planner.plan(event, for: customerFlow)
    #expect(!plan.needsAttention, "\(plan.json.text)")
    #expect(plan.parts.map(\.summary) == ["start", "create", "create"])
    let made = plan.parts[2].effects.first { $0.changeKind == .create }
    #expect(made?.path == "/contacts?organization_id=10234695")
    #expect(fixture.zoho("contacts").isEmpty)
  }
}
