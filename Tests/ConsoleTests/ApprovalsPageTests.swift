import HTTPTypes
import Operations
import Policies
import Records
import Setup
import TestHomes
import Testing
import Values

@testable import Console

/// Held changes are shown, and granted or refused by approvers.
struct ApprovalsPageTests {
  /// A home with a number of runs that each hold a change of 10 USD.
  static func held(_ count: Int) throws -> (fixture: TestHome, runs: [Run]) {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      echo '{"outcome":"ask","effects":[{"http":{"name":"made","method":"POST","path":"/things","body":{"amount":10,"currency":"USD"}}}]}'
      """#)
    let now = WallClock.system.now()
    try PolicyStore(home: fixture.home).set(["hold": "all"], of: "ab", now: now)
    let runs = try (1...count).flatMap { number in
      try fixture.dispatch([
        "id": .string("e\(number)"), "type": "made", "about": .string("\(number)"),
      ])
    }
    return (fixture, runs)
  }

  @Test func emptyListSaysSo() throws {
    let browser = try Browser(TestHome(), as: .viewer)
    #expect(try browser.get("/approvals").text.contains("No change is held."))
  }

  @Test func listAndPageAreThoseOfTheCommand() throws {
    let (fixture, runs) = try Self.held(2)
    let browser = try Browser(fixture, as: .viewer)
    let all = try ShownHold.all(in: fixture.registry, at: WallClock.system.now())
    #expect(try browser.document("/approvals") == .array(all.map(\.json)))
    #expect(try browser.document("/approvals?rule=cap") == [])
    #expect(try browser.get("/approvals?rule=x").status == 400)
    let list = try browser.get("/approvals").text
    #expect(list.contains("2 held · 20 USD"))
    #expect(!list.contains("Grant picked"), "a viewer cannot")
    let page = try browser.get("/approvals/\(runs[0].id)").text
    #expect(page.contains("POST /things") && page.contains("amount = 10"))
    #expect(page.contains("the policy holds all changes"))
    #expect(try browser.get("/approvals/run.x").status == 404)
  }

  @Test func administratorSetsThePolicyOfAFlowConnection() throws {
    let (fixture, runs) = try Self.held(1)
    let browser = try Browser(fixture, as: .administrator)
    let page = "/flow-connections/ab"
    #expect(try browser.get(page).text.contains("&quot;hold&quot;"))
    #expect(try browser.submit("\(page)/policy", ["policy": "{"]).status >= 400)
    #expect(try browser.submit("\(page)/policy", ["policy": #"{"hold":"some"}"#]).status >= 400)
    let policy = #"{"hold":"none"}"#
    #expect(try browser.submit("\(page)/policy", ["policy": policy]).status == 303)
    #expect(try PolicyStore(home: fixture.home).document(of: "ab")?.text == policy)
    let viewer = try Browser(fixture, as: .viewer)
    #expect(try !viewer.get(page).text.contains("Set policy"))
    _ = runs
  }

  @Test func pickedChangesAreGrantedTogetherAsTheyWereSeen() throws {
    let (fixture, runs) = try Self.held(3)
    let browser = try Browser(fixture, as: .approver)
    let store = HoldStore(home: fixture.home)
    try browser.get("/approvals")
    let token = browser.page?.token ?? ""
    let seen = try runs.map { try store.hold(of: $0.id).digest }
    func send(_ fields: [(String, String)]) throws -> Int {
      try browser.send(
        "POST", "/approvals", ["Content-Type": "application/x-www-form-urlencoded"],
        body: Form.encode([Field("csrf", token)] + fields.map { Field($0.0, $0.1) })
      ).status
    }
    #expect(try send([("do", "grant")]) == 400)
    #expect(try send([("do", "grant"), ("change", "\(runs[0].id)/other")]) == 409)
    #expect(try store.hold(of: runs[0].id).grants.isEmpty)
    let picked = [0, 1].map { ("change", "\(runs[$0].id)/\(seen[$0])") }
    #expect(try send([("do", "grant"), ("word", "fine")] + picked) == 303)
    for run in runs.prefix(2) {
      let grant = try #require(try store.hold(of: run.id).grants.first)
      #expect(grant.by == "approver" && grant.note == "fine")
    }
    let last = ("change", "\(runs[2].id)/\(seen[2])")
    #expect(try send([("do", "refuse"), last]) == 400, "refusing needs a word")
    #expect(try send([("do", "refuse"), ("word", "no"), last]) == 303)
    #expect(try store.hold(of: runs[2].id).refusal?.note == "no")
    let audited = try AuditLog(home: fixture.home).entries().map(\.json.text)
    #expect(audited.contains { $0.contains(runs[1].id) && $0.contains("approver") })
  }
}
