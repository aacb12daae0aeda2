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

private let invoices = "/zohobooks/books/v3/invoices"

/// Invoices in Zoho Books.
@Suite(.serialized) struct ZohoInvoiceTests {
  @Test func invoiceOfALinkedAccountIsCreated() throws {
    try withZoho(accountFlow, invoiceFlow) { fixture, service in
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

  @Test func invoiceOfACustomerOfChargebeeIsCreated() throws {
    try withZoho(customerFlow, invoiceFlow) { fixture, service in
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      try fixture.invoice("c1", cents: 999)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("invoices").map { $0["status"] } == ["sent"])
    }
  }

  @Test func payerIsFoundByTheNotesOfAContact() throws {
    try withZoho(invoiceFlow) { fixture, service in
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

  @Test func invoiceWithoutContactIsNotCreated() throws {
    try withZoho(invoiceFlow, endsWell: false) { fixture, service in
      try fixture.addTogaiAccount("t1")
      try fixture.invoice("t1", cents: 500)
      #expect(fixture.settle(service))
      let run = try #require(try fixture.run(of: invoiceFlow))
      #expect(run.status == .notSynced)
      #expect(run.reason?.contains("no Zoho Books contact for t1") == true)
      #expect(fixture.zoho("invoices").isEmpty)
    }
  }

  @Test(
    arguments: [
      Fault.Kind.doAndDrop, .doAndFail(status: 504), .doAndFail(status: 500), .garbage,
      .wrongJSON,
    ], ["/books/v3/invoices", "/books/v3/invoices/"])
  func invoiceIsCreatedOnceIfItsAnswerIsLost(kind: Fault.Kind, path: String) throws {
    try withZoho(accountFlow, invoiceFlow) { fixture, service in
      try fixture.addTogaiAccount("t1")
      #expect(fixture.settle(service))
      fixture.sandbox.inject(Fault(kind, app: "zohobooks", method: "POST", path: path))
      try fixture.invoice("t1", cents: 4200)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("invoices").map { $0["status"] } == ["sent"])
      #expect(fixture.count("POST", invoices) == 1)
    }
  }

  @Test func refusalInABodyFailsTheRun() throws {
    try withZoho(accountFlow, invoiceFlow, endsWell: false) { fixture, service in
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
