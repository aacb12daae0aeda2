import Console
import EndToEndSupport
import Foundation
import Operations
import Policies
import Records
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

/// What people do on the console beside setting up flows, by clicking and by keyboard.
@Suite(.serialized) struct ConsoleDeedTests {
  private static func text(_ browser: Chromium) throws -> String {
    try browser.run("return document.body.innerText").string ?? ""
  }

  @Test(arguments: [true, false])
  func invoicesAreReconciledExplainedAndSignedOffByClicking(hasScript: Bool) throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.work()
    let home = stand.registry.home
    let links = try home.documents(below: StoreKey.link.key("invoice/")).map(\.key)
    _ = try home.commit(links.map { .remove($0) })
    let browser = try Chromium(hasScript: hasScript)
    try stand.signIn(browser)
    try browser.click(link: "Reconciliation")
    try waitUntil { try Self.text(browser).contains("Nothing was reconciled yet.") }
    let days = [-86_400, 2 * 86_400].map {
      String(stand.fixture.start.adding(seconds: $0).text.prefix(10))
    }
    try browser.type(days.joined(separator: ".."), into: "period")
    try browser.click(button: "Reconcile")
    let kept = ReconciliationStore(home: home)
    try waitUntil { try kept.latest(limit: 1).kept.first?.ended != nil }
    try browser.click(link: "Reconciliation")
    try waitUntil { try Self.text(browser).contains("They differ: 1 to look at.") }
    try browser.click(link: days.joined(separator: ".."))
    try waitUntil { try Self.text(browser).contains("In the other app, and not linked") }
    #expect(try Self.text(browser).contains("123.45"))
    try browser.click("main [name=id]")
    try browser.type("linked by hand", into: "reason")
    try browser.click(button: "Explain picked")
    try waitUntil { try Self.text(browser).contains("1 difference is explained.") }
    #expect(try Self.text(browser).contains("linked by hand"))
    try browser.click(button: "Sign off")
    try waitUntil { try Self.text(browser).contains("Signed off by") }
    let one = try #require(kept.latest(limit: 1).kept.first)
    #expect(one.signOff?.by == "ada" && one.signOff?.digest == one.digest)
    try browser.click(link: "To print")
    try waitUntil { try Self.text(browser).contains(one.digest ?? "-") }
  }

  /// An operator asks for a void; it waits for an approver.
  @Test func voidIsAskedForByClicking() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    let flow = "togai-chargebee-void-requests"
    _ = try stand.registry.connect(flow: flow, name: flow, connections: [:])
    try stand.work()
    let browser = try Chromium()
    try stand.signIn(browser)
    try browser.click(link: "Invoices")
    try waitUntil { try Self.text(browser).contains("123.45 USD") }
    #expect(try !Self.text(browser).contains("Void…"), "the flow connection is not enabled")
    _ = try stand.registry.flows.enable(flow, true)
    try stand.serve { _ in
      try browser.show("\(stand.console.url)/invoices")
      try browser.click("main details summary")
      try browser.click(button: "Void")
      try waitUntil { try Self.text(browser).contains("A run voids it") }
      try waitUntil {
        try HoldStore(home: stand.registry.home).all().contains { $0.kind == "void" }
      }
    }
    let did = try AuditLog(home: stand.registry.home).entries().map(\.json.text)
    #expect(did.contains { $0.contains("voidInvoice") || $0.contains("/invoices/void") })
  }

  /// A list refreshes by itself: its first row, another one, and not while a person is about to do something.
  @Test func listRefreshesByItself() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    let browser = try Chromium()
    try stand.signIn(browser)
    try browser.show("\(stand.console.url)/runs")
    #expect(try Self.text(browser).contains("No runs match."))
    _ = try browser.run("window.marked = true")
    func rows() throws -> Int {
      try browser.run("return document.querySelectorAll('#runs tbody tr').length").int ?? 0
    }
    try stand.fail(1)
    try waitUntil(within: 20) { try rows() == 1 }
    try stand.fail(2)
    try waitUntil(within: 20) { try rows() > 1 }
    let seen = try rows()
    _ = try browser.run("document.querySelector('#runs tbody a').focus()")
    try stand.fail(3)
    Thread.sleep(forTimeInterval: 6)
    #expect(try rows() == seen, "a link in use stays where it is")
    _ = try browser.run("document.activeElement.blur()")
    try waitUntil(within: 20) { try rows() > seen }
    #expect(try browser.run("return window.marked") == true, "the page was not loaded again")
  }

  /// Two customers that no webhook told of: the first one happened in the time that is asked for.
  @Test func missedEventsAreReadByClicking() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.fixture.addCustomer("missed")
    let browser = try Chromium()
    try stand.signIn(browser)
    try browser.click(link: "Events")
    try browser.click(link: "Delivery")
    try waitUntil { try Self.text(browser).contains("Not begun") }
    try browser.type("1d", into: "since")
    try browser.click(button: "Catch up")
    try waitUntil { try Self.text(browser).contains("1 read, 1 new, 1 runs started") }
    try browser.click(link: "Events")
    try waitUntil { try browser.title() == "Events · Meterbridge" }
    #expect(try Self.text(browser).contains("customer_created"))
    let event = try #require(EventStore(home: stand.registry.home).entries().first)
    #expect(stand.registry.time(of: event) != nil)
    #expect(try Self.text(browser).contains("after "))
  }

  /// Of 30,000 runs the oldest one only fits the filter: the script searches on, and without one a link does.
  @Test(arguments: [true, false]) func rareRunIsFound(hasScript: Bool) throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    let now = WallClock.system.now()
    var rare = ""
    for start in stride(from: 0, to: 30_000, by: 1000) {
      var changes: [Change] = []
      for number in start..<start + 1000 {
        let at = now.adding(seconds: number - 40_000)
        let id = try Identifier.make("run", at: at, number: 0, name: "e\(number)")
        var run = Run(
          id: id, flowConnection: "x", event: "event/chargebee:acme/\(number)",
          lane: "chargebee:acme/c", at: at)
        run.outputs = [["text": .string(String(repeating: "x", count: 1000))]]
        changes += run.end(number == 0 ? .notSynced : .success, "it is rare", at: at)
        if number == 0 { rare = id }
      }
      _ = try stand.registry.home.commit(changes)
    }
    let browser = try Chromium(hasScript: hasScript)
    try stand.signIn(browser)
    try browser.show("\(stand.console.url)/runs?status=not_synced")
    var clicks = 0
    try waitUntil(within: 120) {
      let text = try Self.text(browser)
      if text.contains(rare) { return true }
      guard !hasScript, text.contains("Look further back") else { return false }
      try browser.click(link: "Look further back")
      clicks += 1
      return false
    }
    if hasScript {
      try waitUntil { try Self.text(browser).contains("Everything was searched.") }
    } else {
      #expect(clicks > 0, "it was found at once: there are too few runs")
    }
  }

  /// The invoice as Chargebee answered last, and the customer with what runs carried of it.
  @Test func invoicesAndCustomersShowBothSides() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.work()
    let links = Links(home: stand.registry.home)
    var filter = RunFilter()
    filter.hasInvoice = true
    let run = try #require(stand.registry.runs(filter).first)
    let invoice = try #require(try InvoiceOfRun(run, links, stand.registry))
    let there = try #require(invoice.there)
    #expect(there.account == "chargebee:acme" && invoice.difference == 0)
    #expect(there.total == Decimal(string: "123.45") && there.state == "payment_due")
    #expect(invoice.ids.contains { $0.account == there.account && $0.id == there.id })
    let browser = try Chromium()
    try stand.signIn(browser)
    try browser.click(link: "Invoices")
    try waitUntil { try Self.text(browser).contains("payment_due") }
    let page = try browser.run(
      "return document.querySelector(\"a[href^='https://acme.chargebee.com/']\").href")
    #expect(page.string == "https://acme.chargebee.com/admin-console/invoices/\(there.id)")
    try browser.show(
      "\(stand.console.url)/customers/\("chargebee:acme/acme".percentEncoded)")
    let text = try Self.text(browser)
    for words in [
      "123.45 USD", "payment_due", "490.00 USD", EndToEnd.itemPrice, "customer_created",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }
}
