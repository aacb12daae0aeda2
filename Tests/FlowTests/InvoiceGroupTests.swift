import Catalog
import EndToEndSupport
import HTTPClient
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// Invoices of Togai's invoice groups in Chargebee, over real HTTP: whoever pays is billed once.
@Suite(.serialized) struct InvoiceGroupTests {
  private static let accounts = ["acme-eu", "acme-us"]

  @Test func billsTheCompositeInvoiceOfAGroupOnce() throws {
    let stage = try stage(seed: 51)
    defer { stage.close() }
    let group = try group(on: stage)
    for (account, amount) in zip(Self.accounts, [100, 50]) {
      let run = try generate(amount, of: account, on: stage)
      #expect(run.status == .stopped)
      #expect(run.reason?.contains("becomes part of the invoice of group \(group)") == true)
    }
    let run = try merge(group, on: stage)
    #expect(run.status == .success, "\(run.reason ?? "")")
    #expect(totals(on: stage) == [15_000])
  }

  @Test func voidsWhatWasBilledBeforeItWasMerged() throws {
    let stage = try stage(seed: 52)
    defer { stage.close() }
    for (account, amount) in zip(Self.accounts, [100, 50]) {
      let run = try generate(amount, of: account, on: stage)
      #expect(run.status == .success, "\(run.reason ?? "")")
    }
    #expect(totals(on: stage) == [10_000, 5_000])
    let run = try merge(try group(on: stage), on: stage)
    #expect(run.status == .success, "\(run.reason ?? "")")
    #expect(totals(on: stage) == [15_000])
    #expect(try merged(on: stage) == 2)
  }

  @Test func asksAPersonWhereAPartOfTheMergedInvoiceIsPaidAlready() throws {
    let stage = try stage(seed: 53)
    defer { stage.close() }
    _ = try generate(100, of: Self.accounts[0], on: stage)
    try stage.payInvoices()
    // The payment has not reached Togai yet
    let run = try merge(try group(on: stage), on: stage)
    #expect(run.status == .notSynced)
    #expect(run.reason?.contains("is paid, at least in part") == true, "\(run.reason ?? "")")
    #expect(totals(on: stage) == [10_000])
  }

  @Test func billsTheMembersWhereTheFlowSaysSo() throws {
    let stage = try stage(seed: 54)
    defer { stage.close() }
    let step = try #require(StepID("togai/invoice-generated"))
    _ = try stage.registry.connect(
      flow: "togai-chargebee-invoice-sync", name: "togai-chargebee-invoice-sync", connections: [:],
      settings: [step: ["groups": "members"]], replacing: true)
    let group = try group(on: stage)
    #expect(try generate(100, of: Self.accounts[0], on: stage).status == .success)
    let run = try merge(group, on: stage)
    #expect(run.status == .stopped, "\(run.reason ?? "")")
    #expect(totals(on: stage) == [10_000])
  }

  // MARK: Helpers

  /// Both accounts are customers in Chargebee too.
  private func stage(seed: UInt64) throws -> EndToEnd {
    let stage = try EndToEnd(seed: seed)
    for id in Self.accounts {
      try stage.addCustomer(id)
      let created = try #require(stage.sandbox.state["chargebee"]["events"].array?.last)
      _ = try stage.dispatch(created, from: "chargebee")
    }
    return stage
  }

  private func group(on stage: EndToEnd) throws -> String {
    try stage.askTogai(
      "/invoice_groups",
      [
        "name": "Acme", "email": "ap@acme.example", "dailyInvoiceConsolidation": true,
        "accountIds": .array(Self.accounts.map(JSON.string)), "address": [:],
      ])
    return try #require(stage.sandbox.state["togai"]["invoiceGroups"].array?.last?["id"].string)
  }

  /// Generates an invoice of some dollars, and returns the run of its webhook.
  private func generate(_ dollars: Int, of account: String, on stage: EndToEnd) throws -> Run {
    let draft = try stage.sandbox.addInvoice([
      "account": .string(account), "totalAmount": .number(Numeral(dollars)),
    ])
    let invoice = try stage.sandbox.generateInvoice(try #require(draft["id"].string))
    return try #require(try stage.dispatch(["payload": invoice], from: "togai").last)
  }

  /// Ends the day of the group, and returns the run of the composite invoice's webhook.
  private func merge(_ group: String, on stage: EndToEnd) throws -> Run {
    let composite = try stage.sandbox.consolidate(group)
    return try #require(try stage.dispatch(["payload": composite], from: "togai").last)
  }

  /// The totals, in cents, of the Chargebee invoices that are not voided.
  private func totals(on stage: EndToEnd) -> [Int] {
    (stage.sandbox.state["chargebee"]["invoices"].array ?? [])
      .filter { $0["status"] != "voided" }.compactMap { $0["total"].int }
  }

  private func merged(on stage: EndToEnd) throws -> Int {
    try #require(stage.sandbox.state["togai"]["invoices"].array)
      .count { $0["status"] == "MERGED" }
  }
}
