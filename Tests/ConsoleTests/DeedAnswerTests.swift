import HTTPTypes
import Operations
import Policies
import Records
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// The answers of deeds that need a state of their own; `Browser` holds each against the OpenAPI file.
struct DeedAnswerTests {
  /// A program that asks as an administrator, and what a deed answers it.
  private func asking(_ fixture: TestHome) throws -> Browser {
    let browser = try Browser(fixture)
    let token = try APITokens(home: fixture.home).make(
      "ci", of: "administrator", now: WallClock.system.now())
    browser.headers = ["Authorization": "Bearer \(token)", "Accept": "application/json"]
    return browser
  }

  private func post(_ browser: Browser, _ path: String, _ body: JSON) throws -> JSON {
    let page = try browser.send(
      "POST", path, ["Content-Type": "application/json"], body: body.text)
    #expect(page.status == 200, "\(path): \(page.text)")
    return try page.json()
  }

  @Test func runsAreSettledAndCancelled() throws {
    let (fixture, api, run) = try RunsPageTests.parkedRun()
    defer { api.stop() }
    let browser = try asking(fixture)
    let settled = try post(
      browser, "/runs/\(run.id)/settle", ["effect": "created", "happened": "no"])
    #expect(settled["status"] == "pending")
    #expect(try post(browser, "/runs/\(run.id)/cancel", [:])["status"] == "canceled")
    #expect(browser.held == ["POST /runs/{run}/settle", "POST /runs/{run}/cancel"])
  }

  @Test func eventIsRunLate() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"x"}'"#)
    _ = try fixture.registry.flows.enable("ab", false)
    #expect(try fixture.dispatch().isEmpty)
    _ = try fixture.registry.flows.enable("ab", true)
    let browser = try asking(fixture)
    let event = try #require(try browser.document("/events").items.first?["key"].string)
    let run = try post(
      browser, "/events/\(event.percentEncoded)/run", ["flow-connection": "ab"])
    #expect(run["flowConnection"] == "ab")
    #expect(browser.held.contains("POST /events/{event}/run"))
  }

  @Test(arguments: ["retry", "acknowledge", "assign"])
  func attentionIsSeenTo(deed: String) throws {
    let (fixture, run) = try RunsPageTests.failedRun()
    let browser = try asking(fixture)
    let item = try #require(try browser.document("/attention").items.first)
    #expect(item["run"] == .string(run.id))
    let done = try post(
      browser, "/attention",
      ["id": item["id"], "do": .string(deed), "to": "administrator"])
    #expect(done.items.map { $0["id"] } == [item["id"]])
    #expect(browser.held == ["GET /attention", "POST /attention"])
  }

  @Test(arguments: ["grant", "refuse"])
  func changesAreDecided(deed: String) throws {
    let (fixture, runs) = try ApprovalsPageTests.held(1)
    let browser = try asking(fixture)
    let hold = try browser.document("/approvals/\(runs[0].id)")
    let change = "\(runs[0].id)/\(hold["digest"].string ?? "")"
    let decided = try post(
      browser, "/approvals", ["change": .string(change), "do": .string(deed), "word": "so"])
    #expect(decided.items.count == 1)
    #expect(browser.held == ["GET /approvals/{run}", "POST /approvals"])
  }

  @Test func reconciliationIsExplainedSignedOffAndRemoved() throws {
    let fixture = try TestHome()
    let one = try ReconciliationPageTests.kept(2, in: fixture.home)
    let other = try ReconciliationPageTests.kept(1, in: fixture.home)
    let browser = try asking(fixture)
    let path = "/reconciliation/\(one.id)"
    let whole = try browser.document(path)
    let difference = whole["differences"].items[0]["id"]
    _ = try post(
      browser, "\(path)/differences",
      ["id": difference, "do": "explain", "reason": "billed by hand"])
    _ = try post(
      browser, "\(path)/sign-off",
      ["digest": whole["reconciliation"]["digest"], "note": "one is open"])
    _ = try post(browser, "/reconciliation/\(other.id)/remove", [:])
    #expect(try browser.document("/reconciliation").items.count == 1)
    #expect(browser.held.count == 5)
  }
}
