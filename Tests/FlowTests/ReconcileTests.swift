import Catalog
import EndToEndSupport
import Foundation
import HTTPClient
import HTTPTypes
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

/// The invoices of both apps are compared: what agrees, and each way in which they do not.
@Suite(.serialized) struct ReconcileTests {
  @Test func syncedInvoicesAgreeAndTheTotalsTie() throws {
    try withInvoices([12_345, 500, 99_999]) { fixture in
      let report = try report(fixture)
      #expect(report.differences.isEmpty, "\(report.json.text)")
      #expect(report.agrees)
      let sums = try #require(report.totals["USD"])
      #expect(sums.synced.count == 3 && sums.all == sums.synced)
      #expect(sums.counterparts == sums.synced && sums.ties)
      #expect(report.totals.count == 1)
    }
  }

  /// Nothing was executed: the invoice is missing, and may be on its way for a day.
  @Test func invoiceThatIsNotSyncedIsTimingForADayAndThenAnError() throws {
    try withInvoices([]) { fixture in
      for app in ["chargebee", "togai"] { fixture.sandbox.setWebhook(nil, of: app) }
      try fixture.invoice("acme", cents: 12_345)
      let young = try report(fixture)
      #expect(young.differences.map(\.kind) == [.missing])
      #expect(young.differences.map(\.class) == [.timing])
      #expect(young.totals["USD"]?.unsynced.count == 1 && young.agrees)
      fixture.sandbox.advance(seconds: 86_401)
      let old = try report(fixture)
      #expect(old.differences.map(\.class) == [.error] && !old.agrees)
      #expect(old.totals["USD"]?.ties == true)
    }
  }

  @Test func draftsAreExcluded() throws {
    try withInvoices([500]) { fixture in
      _ = try fixture.sandbox.addInvoice([
        "account": "acme",
        "revenueInfo": [
          "type": "GRAND_TOTAL_AMOUNT", "description": "Usage", "value": 7, "units": "USD",
        ],
      ])
      let report = try report(fixture)
      #expect(report.agrees, "\(report.json.text)")
      #expect(report.totals["USD"]?.excluded.count == 1)
    }
  }

  /// Changes at one side only.
  @Test func paymentThatIsNotRecordedIsADifference() throws {
    try withInvoices([500]) { fixture in
      for app in ["chargebee", "togai"] { fixture.sandbox.setWebhook(nil, of: app) }
      try fixture.payInvoices(cents: 200)
      fixture.sandbox.advance(seconds: 2 * 86_400)
      let report = try report(fixture)
      #expect(report.differences.map(\.kind) == [.due])
      #expect(report.differences.first?.difference == -2)
      #expect(!report.agrees)
    }
  }

  @Test func missingLinkIsADifference() throws {
    try withInvoices([500]) { fixture in
      let home = fixture.registry.home
      let keys = try home.documents(below: StoreKey.link.key("invoice/")).map(\.key)
      _ = try home.commit(keys.map { .remove($0) })
      let report = try report(fixture)
      #expect(report.differences.map(\.kind) == [.unlinked])
      #expect(report.totals["USD"]?.synced.count == 1)
    }
  }

  /// A credit that was forgotten is money that the customer never got.
  @Test func creditsAgreeAndAForgottenOneIsADifference() throws {
    let fixture = try EndToEnd(seed: 13)
    defer { fixture.close() }
    let flow = "togai-chargebee-negative-invoice-sync"
    _ = try fixture.registry.connect(flow: flow, name: flow, connections: [:], settings: [:])
    _ = try fixture.registry.flows.enable(flow, true)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try fixture.invoice("acme", cents: -5000)
      try fixture.invoice("acme", cents: 500)
      #expect(fixture.settle(service))
    }
    _ = try fixture.sandbox.giveCredits(["customer": "acme", "amount": 100])
    let agreed = try report(fixture, of: "credit")
    #expect(agreed.agrees && agreed.differences.isEmpty, "\(agreed.json.text)")
    #expect(agreed.totals["USD"]?.synced.amount == 50)
    #expect(agreed.totals["USD"]?.own.amount == 1)

    for app in ["chargebee", "togai"] { fixture.sandbox.setWebhook(nil, of: app) }
    try fixture.invoice("acme", cents: -700)
    fixture.sandbox.advance(seconds: 2 * 86_400)
    let forgotten = try report(fixture, of: "credit")
    #expect(forgotten.differences.map(\.kind) == [.missing])
    #expect(forgotten.differences.first?.fromAmount == 7)
    #expect(!forgotten.agrees)
  }

  /// The CSV has a line for each difference, and a name that a spreadsheet would run is only text.
  @Test func formatsShowTheSame() throws {
    try withInvoices([]) { fixture in
      for app in ["chargebee", "togai"] { fixture.sandbox.setWebhook(nil, of: app) }
      try fixture.invoice("acme", cents: 12_345)
      let report = try report(fixture)
      let rows = try CSV(report.csv).records
      #expect(rows.count == 2)
      #expect(rows[1].fields[3...4] == ["timing", "missing"])
      #expect(rows[1].fields[10] == "123.45")
      #expect(report.html.contains("<td>123.45</td>") && report.html.contains("Period"))
      #expect(report.json["differences"].items.count == 1)
    }
  }

  // MARK: Private

  /// A customer with synced invoices of amounts, in cents.
  private func withInvoices(_ cents: [Int], _ body: (EndToEnd) throws -> Void) throws {
    let fixture = try EndToEnd(seed: 12)
    defer { fixture.close() }
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      for cents in cents { try fixture.invoice("acme", cents: cents) }
      #expect(fixture.settle(service))
    }
    try body(fixture)
  }

  private func report(
    _ fixture: EndToEnd, of thing: String = "invoice"
  ) throws -> ReconciliationReport {
    let reconciler = Reconciler(
      fixture.registry, caller: fixture.functions, clock: fixture.clock
    ) { Thread.sleep(forTimeInterval: min($0, 0.01)) }
    let pair = try #require(
      try reconciler.pairs().first { $0.reconciliation.makes == thing })
    let utc = try #require(TimeZone(identifier: "UTC"))
    // The sandbox dates invoices by its clock, which may be near the end of a month.
    let (first, last) = (fixture.start.adding(seconds: -86_400), fixture.clock.now())
    let days = [first, last.adding(seconds: 86_400)].map { String($0.text.prefix(10)) }
    return try reconciler.reconcile(
      pair, Period(days.joined(separator: ".."), in: utc))
  }
}
