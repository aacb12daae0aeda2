import Console
import EndToEndSupport
import Foundation
import Operations
import Policies
import Records
import Sandbox
import Setup
import StepKit
import TestSupport
import Testing
import Values

/// Held changes are granted and refused in a real browser.
@Suite(.serialized) struct ConsoleApprovalTests {
  private static func text(_ browser: Chromium) throws -> String {
    try browser.run("return document.body.innerText").string ?? ""
  }

  /// Presses a key until an element has the focus.
  private static func press(
    _ key: String, until selector: String, _ browser: Chromium
  ) throws {
    for _ in 0..<80 {
      if try browser.run("return document.activeElement.matches(arguments[0])", .string(selector))
        == true
      {
        return
      }
      try browser.press(key)
    }
    Issue.record("the keyboard does not reach \(selector)")
  }

  @Test func changesAreGrantedByClickingAndLeave() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.hold(2)
    let holds = HoldStore(home: stand.registry.home)
    let browser = try Chromium()
    try stand.signIn(browser)
    try browser.click(link: "Approvals")
    try waitUntil { try Self.text(browser).contains("2 held") }
    #expect(try Self.text(browser).contains("30 USD"), "the sum of both")
    // Both are of one moment, so either may come first
    let link = "main tbody tr:first-child td:nth-child(2) a"
    let address = try browser.run(
      "return document.querySelector(arguments[0]).href", .string(link)
    ).string
    let first = try #require(holds.all().first { address?.contains($0.run) == true })
    let amount = try #require(first.money?.text)
    try browser.click(link)
    try waitUntil { try Self.text(browser).contains(first.digest) }
    try browser.type("checked with finance", into: "word")
    try browser.click(button: "Grant")
    try waitUntil { try Self.text(browser).contains("\(amount) granted.") }
    let granted = try holds.hold(of: first.run)
    #expect(granted.grants.map(\.by) == ["ada"])
    #expect(granted.grants.first?.note == "checked with finance")
    try stand.serve { _ in
      try waitUntil(within: 60) {
        stand.fixture.sandbox.state["chargebee"]["invoices"].items.count == 1
      }
    }
    #expect(try holds.all().map(\.run).contains(first.run) == false)
  }

  @Test func changesAreRefusedTogetherByKeyboard() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.hold(3)
    let holds = try HoldStore(home: stand.registry.home).all()
    let browser = try Chromium()
    try stand.signIn(browser)
    try browser.show(stand.console.url + "/approvals")
    for hold in holds.prefix(2) {
      try Self.press("\u{E004}", until: "[name=change][value^='\(hold.run)']", browser)
      try browser.press(" ")
    }
    try Self.press("\u{E004}", until: "[name=word]", browser)
    try browser.press("billed by hand")
    try Self.press("\u{E004}", until: "button[value=refuse]", browser)
    try browser.press("\u{E007}")
    try waitUntil { try Self.text(browser).contains("refused.") }
    let store = HoldStore(home: stand.registry.home)
    #expect(try store.hold(of: holds[0].run).refusal?.note == "billed by hand")
    #expect(try store.hold(of: holds[1].run).refusal?.by == "ada")
    #expect(try store.hold(of: holds[2].run).refusal == nil)
  }
}
