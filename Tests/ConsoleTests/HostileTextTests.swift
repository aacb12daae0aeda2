import Operations
import Records
import Setup
import StepKit
import TestHomes
import Testing
import Values

@testable import Console

/// Whatever a stranger writes is text on every page.
struct HostileTextTests {
  private static let attack = #"</td></script><script src=//evil.example></script>"onclick='x'"#

  @Test func eventsAndRunsAreText() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let attack = JSON.string(Self.attack)
    try fixture.script(
      "beta-take",
      #"read -r line; printf '%s' '{"outcome":"fail","reason":"\u003c/td>\u003cscript src=//evil.example>\u003c/script>"}'"#
    )
    let run = try #require(
      fixture.dispatch([
        "id": attack, "type": "made", "about": attack, "name": attack, "email": attack,
        "list": [attack], "members": [Self.attack: attack],
      ]).first)
    try Links(home: fixture.home).link(
      .customer, ["alpha:one": Self.attack, "beta:b": "x\(Self.attack)"])
    let browser = try Browser(fixture, as: .administrator)
    let query = Self.attack.percentEncoded
    for path in [
      "/", "/runs", "/runs/\(run.id)", "/events", "/events/\(run.event.percentEncoded)", "/links",
      "/find?q=\(query)", "/runs?reason=\(query)", "/events?type=\(query)", "/flows?q=\(query)",
      "/sign-in?back=\(query)", "/runs/\(query)", "/flow-connections/\(query)",
      "/connections/\(query)", "/runs?status=\(query)", "/links?id=\(query)", "/\(query)",
      "/attention?reason=\(query)", "/attention", "/customers", "/invoices", "/audit",
      "/apps/\(query)",
      "/new-flow?name=\(query)&type=inbound", "/customers/alpha:one%2F\(query)",
      "/new-flow?name=\(query)&type=inbound&trigger=alpha%2Fmade&action=\(query)",
      "/runs?before=\(query)", "/events?before=\(query)", "/links?before=\(query)",
    ] {
      let page = try browser.get(path)
      let text = page.text.replacing(
        #/<script src="/console.js\?v=[0-9a-f]+" defer></script>/#, with: "")
      #expect(!text.contains("<script"), "\(path)")
      #expect(!text.contains("\"onclick"), "\(path)")
      #expect(!text.contains("onclick='"), "\(path)")
    }
  }

  @Test func spreadsheetGetsNoFormula() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try Links(home: fixture.home).link(
      .customer, ["alpha:one": "=cmd|' /C calc'!A0", "beta:b": "a,\"b\""])
    let browser = try Browser(fixture, as: .viewer)
    #expect(
      try browser.get("/links.csv").text
        == "kind,alpha:one,beta:b\r\ncustomer,'=cmd|' /C calc'!A0,\"a,\"\"b\"\"\"\r\n")
  }
}
