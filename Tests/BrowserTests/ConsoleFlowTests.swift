import Catalog
import Console
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Setup
import StepKit
import TestSupport
import Testing
import Values

/// The console in a real browser.
@Suite(.serialized) struct ConsoleFlowTests {
  @Test func threeFlowsAreSetUpByClicking() throws {
    let stand = try ConsoleStand(isEmpty: true)
    defer { stand.close() }
    let browser = try Chromium()
    try stand.signIn(browser)
    try addConnection(
      "chargebee", to: "chargebee",
      [
        "site": "acme", "itemPrice": EndToEnd.itemPrice, "apiKey": Canary.chargebeeKey,
        "webhookPassword": Canary.webhookPassword, "baseUrl": stand.fixture.sandbox.chargebeeURL,
      ], browser)
    try addConnection(
      "togai", to: "togai",
      [
        "token": Canary.togaiToken, "webhookSecret": Canary.webhookSecret,
        "baseUrl": stand.fixture.sandbox.togaiURL,
      ], browser)
    for (name, flow, field) in [
      ("customers", "Chargebee - Togai Customer Sync", ""),
      (
        "payments", "Associate priceplan on chargebee payment",
        "togai/associate-price-plan.pricePlan"
      ),
      ("invoices", "Togai - Chargebee Invoice Sync", ""),
    ] {
      try browser.click(link: "Flows")
      try browser.click(link: flow)
      try browser.type(name, into: "name")
      if !field.isEmpty { try browser.type(EndToEnd.plan, into: "set:\(field)") }
      try browser.click("main [name=enable]")
      try browser.click(button: "Connect")
      try waitUntil { try browser.title() == "\(name) · Meterbridge" }
    }
    let flows = try stand.registry.flows.connections()
    #expect(flows.map(\.name) == ["customers", "invoices", "payments"])
    #expect(flows.allSatisfy { $0.isEnabled })
    try stand.work()
    try browser.click(link: "Runs")
    try waitUntil { try browser.title() == "Runs · Meterbridge" }
    let runs = try Registry(home: stand.registry.home, catalog: stand.registry.catalog)
      .runs(RunFilter())
    #expect(runs.count { $0.status == .success } >= 3)
    for run in runs {
      #expect(try browser.run("return document.body.innerText").string?.contains(run.id) == true)
    }
    try browser.click(link: "Invoices")
    try waitUntil { try browser.title() == "Invoices · Meterbridge" }
    #expect(
      try browser.run("return document.body.innerText").string?.contains("123.45 USD") == true)
  }

  private func addConnection(
    _ name: String, to app: String, _ values: [String: String], _ browser: Chromium
  ) throws {
    try browser.click(link: "Connections")
    try browser.click("a[href='/new-connection/\(app)']")
    try browser.type(name, into: "name")
    for (setting, value) in values { try browser.type(value, into: "set:\(setting)") }
    try browser.click(button: "Add")
    try waitUntil { try browser.title() == "\(name) · Meterbridge" }
  }

  @Test func webhookIsInstalledAndRemovedByClicking() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    let browser = try Chromium()
    try stand.signIn(browser)
    let all = try stand.registry.connections.all()
    let name = try #require(all.first { $0.app.id == "chargebee" }?.name)
    func text() throws -> String { try browser.run("return document.body.innerText").string ?? "" }
    func showWebhooks() throws {
      try browser.show("\(stand.console.url)/connections/\(name)")
      try browser.click(button: "Webhooks")
      try waitUntil { try browser.title() == "Webhooks of \(name) · Meterbridge" }
    }
    try showWebhooks()
    #expect(try text().contains("Events are missing"))
    try browser.type("http://127.0.0.1:8787", into: "url")
    try browser.click(button: "Install")
    try waitUntil { try text().contains("are sent to http://127.0.0.1:8787/hooks/\(name)") }
    try showWebhooks()
    #expect(try text().contains("All that is needed is sent"))
    #expect(try text().contains("installed from here"))
    try browser.click("main summary")
    try browser.click(button: "Remove the webhook")
    try waitUntil { try text().contains("The webhook is removed.") }
    try showWebhooks()
    #expect(try text().contains("Events are missing"))
  }

  @Test func flowIsMadeByClickingWithScriptOff() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    let browser = try Chromium(hasScript: false)
    try stand.signIn(browser)
    try browser.click(link: "Flows")
    try browser.click(link: "New flow")
    try browser.type("Customers by hand", into: "name")
    try browser.click(button: "Next: trigger")
    try browser.click("main [name=trigger][value='chargebee/customer-created']")
    try browser.click(button: "Next: actions")
    // Back to the trigger, to the flow, and on again: what was chosen is kept
    try browser.click(link: "Back")
    try browser.click(link: "Back")
    try browser.type("Customers, by hand", into: "name")
    try browser.click(button: "Next: trigger")
    #expect(
      try browser.run("return document.querySelector('[name=trigger]:checked').value")
        == "chargebee/customer-created")
    try browser.click(button: "Next: actions")
    try browser.choose("togai/create-customer", of: "action")
    try browser.click(button: "Add the action")
    try browser.click(button: "Next: preview")
    try browser.click(button: "Back")
    try browser.click(button: "Next: preview")
    try browser.click(button: "Save")
    try waitUntil { try browser.title() == "Customers, by hand · Meterbridge" }
    let flow = try stand.registry.flows.get("customers-by-hand")
    #expect(
      flow.parts.map { "\($0.step)" } == ["chargebee/customer-created", "togai/create-customer"])
  }
}
