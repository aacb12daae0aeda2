import Catalog
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
import Testing
import Values

/// What a Togai invoice comes to in Chargebee, over real HTTP: taxes once, on the right day, and again
/// only where the first is voided.
@Suite(.serialized) struct MoneyTests {
  private static let flow = "togai-chargebee-invoice-sync"

  /// 100 dollars and 10 of tax.
  private static let taxed: JSON = [
    "type": "GRAND_TOTAL_AMOUNT", "description": "Total", "value": 110, "units": "USD",
    "lineItems": [
      ["type": "NET_AMOUNT", "description": "Usage", "value": 100],
      ["type": "TOTAL_TAX_AMOUNT", "description": "VAT", "value": 10],
    ],
  ]

  @Test func chargesATaxOnceBesideATaxableItemPrice() throws {
    let stage = try EndToEnd(seed: 31, itemType: "charge")
    defer { stage.close() }
    try stage.sandbox.configureChargebee(["taxRate": 10])
    let run = try sync(Self.taxed, on: stage)
    #expect(run.status == .success, "\(run.reason ?? "")")
    #expect(run.log.contains { $0.note?.contains("billed line by line") == true })
    #expect(try onlyInvoice(on: stage)["total"] == 11_000)
    #expect(try onlyInvoice(on: stage)["tax"] == 0)
  }

  @Test func explainsTheTaxesThatChargebeeComputes() throws {
    let stage = try EndToEnd(seed: 32)
    defer { stage.close() }
    try stage.sandbox.configureChargebee(["taxRate": 8])
    try connect(["taxes": "chargebee"], on: stage)
    let run = try sync(Self.taxed, on: stage)
    #expect(run.status == .success, "\(run.reason ?? "")")
    #expect(run.log.contains { $0.note?.contains("8 USD of taxes added by Chargebee") == true })
    #expect(try onlyInvoice(on: stage)["total"] == 10_800)
  }

  @Test func saysWhereASiteTakesTaxesOutOfTheAmounts() throws {
    let stage = try EndToEnd(seed: 33)
    defer { stage.close() }
    try stage.sandbox.configureChargebee(["taxRate": 10, "hasInclusivePrices": true])
    try connect(["taxes": "chargebee"], on: stage)
    let run = try sync(Self.taxed, on: stage)
    #expect(run.status == .failed)
    #expect(run.reason?.contains("9.09 USD of taxes in its total") == true, "\(run.reason ?? "")")
  }

  @Test func billsAgainWhatWasVoidedOnceTheLinkIsForgotten() throws {
    let stage = try EndToEnd(seed: 34)
    defer { stage.close() }
    #expect(try sync(Self.taxed, on: stage).status == .success)
    let first = try #require(try onlyInvoice(on: stage)["id"].string)
    try void(first, on: stage)
    let event = try #require(stage.sandbox.state["togai"]["invoices"].array?.last)
    let held = try #require(try stage.dispatch(["id": "e2", "payload": event], from: "togai").last)
    #expect(held.status == .notSynced)
    #expect(held.reason?.contains("is voided") == true, "\(held.reason ?? "")")
    try Links(home: stage.registry.home).unlink(.invoice, "chargebee:acme", first)
    let again = try #require(
      try stage.dispatch(["id": "e3", "payload": event], from: "togai").last)
    #expect(again.status == .success, "\(again.reason ?? "")")
    let invoices = stage.sandbox.state["chargebee"]["invoices"].array ?? []
    #expect(invoices.map { $0["status"].string } == ["voided", "payment_due"])
  }

  /// The webhook of a draft and the one of the due invoice are the same body.
  @Test func billsADraftOnceItIsDue() throws {
    let stage = try EndToEnd(seed: 34)
    defer { stage.close() }
    try stage.addCustomer("payer")
    let created = try #require(stage.sandbox.state["chargebee"]["events"].array?.last)
    _ = try stage.dispatch(created, from: "chargebee")
    let draft = try stage.sandbox.addInvoice(["account": "payer", "revenueInfo": Self.taxed])
    let body: JSON = ["type": "INVOICE_UPDATED", "payload": ["id": draft["id"]]]
    #expect(try stage.dispatch(body, from: "togai").map(\.status) == [.stopped])
    _ = try stage.sandbox.generateInvoice(draft["id"].string ?? "")
    #expect(try stage.dispatch(body, from: "togai").map(\.status) == [.success])
    _ = try stage.dispatch(body, from: "togai")
    _ = try onlyInvoice(on: stage)
  }

  @Test func refusesACombinationThatCannotBeExpressedAndTheDoctorSaysSo() throws {
    let stage = try EndToEnd(seed: 35)
    defer { stage.close() }
    let wrong = ["taxes": "chargebee", "paidAmounts": "discount"]
    let problem = #expect(throws: Problem.self) { try connect(wrong, on: stage) }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.contains("set paidAmounts=record") == true)

    // One that was connected before goes on, and its affected runs need a person
    let old = try stage.registry.flows.connection(Self.flow)
    let text = old.json.text.replacing(
      #""payload":{}"#, with: #""payload":{"paidAmounts":"discount","taxes":"chargebee"}"#)
    _ = try stage.registry.home.commit([
      .put("flow-connection/\(Self.flow)", try JSON(parsing: text))
    ])
    var findings: [Finding] = []
    Doctor(
      home: stage.registry.home.path, keyFile: nil, catalog: stage.registry.catalog,
      caller: StepExecutables(folder: EndToEnd.products)
    ).examine { findings.append($0) }
    let found = findings.filter { $0.subject == "flow connection \(Self.flow)" }
    #expect(found.contains { $0.grade == .wrong }, "\(findings.map(\.subject))")
  }

  @Test func billsACustomerWhoseIDHasASlash() throws {
    let stage = try EndToEnd(seed: 37)
    defer { stage.close() }
    let run = try sync(Self.taxed, of: "ACME/EU", on: stage)
    #expect(run.status == .success, "\(run.reason ?? "")")
    #expect(try onlyInvoice(on: stage)["customer_id"] == "ACME/EU")
  }

  @Test func leavesThePONumberToThePurchaseOrder() throws {
    let stage = try EndToEnd(seed: 38)
    defer { stage.close() }
    _ = try stage.registry.change(
      connection: "chargebee", settings: ["invoiceReference": "note"], secrets: [:])
    let run = try sync(Self.taxed, on: stage)
    #expect(run.status == .success, "\(run.reason ?? "")")
    let invoice = try onlyInvoice(on: stage)
    #expect(invoice["po_number"].isNull)
    let note = invoice["notes"].array?.last?["note"].string ?? ""
    #expect(note.contains("reference inv."), "\(note)")

    // Without its link it is found by its note, and not billed again
    let id = try #require(invoice["id"].string)
    try Links(home: stage.registry.home).unlink(.invoice, "chargebee:acme", id)
    let event = try #require(stage.sandbox.state["togai"]["invoices"].array?.last)
    let again = try #require(
      try stage.dispatch(["id": "e2", "payload": event], from: "togai").last)
    #expect(again.status == .success, "\(again.reason ?? "")")
    _ = try onlyInvoice(on: stage)
  }

  @Test func sendsTheRulesOfATimeZone() throws {
    let stage = try EndToEnd(seed: 36)
    defer { stage.close() }
    let app = try #require(stage.registry.catalog.apps["chargebee"])
    let connection = Connection(
      name: "x", app: app, settings: ["site": "acme", "timeZone": "America/New_York"])
    let rules = try #require(TimeZoneRules(json: connection.known["timeZoneRules"]))
    #expect(rules.name == "America/New_York")
    for (time, date) in [
      ("2026-07-01T03:59:59Z", "2026-06-30"), ("2026-07-01T04:00:00Z", "2026-07-01"),
      ("2027-02-01T04:59:59Z", "2027-01-31"), ("2027-02-01T05:00:00Z", "2027-02-01"),
    ] {
      #expect(rules.date(try #require(Timestamp(iso: time))) == date)
    }
    let setting = try #require(app.setting("timeZone"))
    #expect(throws: Problem.self) { try setting.value(of: "Mars/Olympus") }
    #expect(throws: Problem.self) { try setting.value(of: "EST") }
  }

  // MARK: Helpers

  private func connect(_ settings: [String: String], on stage: EndToEnd) throws {
    let step = try #require(StepID("chargebee/create-invoice"))
    _ = try stage.registry.connect(
      flow: Self.flow, name: Self.flow, connections: [:], settings: [step: settings],
      replacing: true)
  }

  /// Adds a customer to both apps, generates an invoice in Togai, and returns the run of its webhook.
  private func sync(_ revenue: JSON, of id: String = "payer", on stage: EndToEnd) throws -> Run {
    try stage.addCustomer(id)
    let created = try #require(stage.sandbox.state["chargebee"]["events"].array?.last)
    _ = try stage.dispatch(created, from: "chargebee")
    let draft = try stage.sandbox.addInvoice(["account": .string(id), "revenueInfo": revenue])
    let invoice = try stage.sandbox.generateInvoice(draft["id"].string ?? "")
    return try #require(try stage.dispatch(["payload": invoice], from: "togai").last)
  }

  private func onlyInvoice(on stage: EndToEnd) throws -> JSON {
    let invoices = stage.sandbox.state["chargebee"]["invoices"].array ?? []
    #expect(invoices.count == 1)
    return try #require(invoices.last)
  }

  private func void(_ id: String, on stage: EndToEnd) throws {
    let pair = Data("\(Canary.chargebeeKey):".utf8).base64EncodedString()
    _ = try CurlClient().send(
      ClientRequest(
        "POST", "\(stage.sandbox.chargebeeURL)/invoices/\(id)/void",
        headers: ["Authorization": "Basic \(pair)"], body: []))
  }
}
