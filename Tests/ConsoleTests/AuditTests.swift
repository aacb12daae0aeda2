import HTTPTypes
import Operations
import Setup
import TestHomes
import Testing
import Values

@testable import Console

/// Each deed is in the audit log before it is done.
struct AuditTests {
  @Test func deedsAreNoted() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: .administrator)
    try browser.get("/flow-connections/ab")
    _ = try browser.submit("/flow-connections/ab/disable")
    // What fails was tried all the same
    _ = try browser.submit("/runs/none/retry", ["from-step": "2"])
    _ = try browser.submit(
      "/operators", ["name": "ada", "role": "viewer", "password": "a password of ada"])
    _ = try browser.submit(
      "/connections/b/change", ["set:key": "a new secret key", "no-test": "yes"])
    let log = AuditLog(home: fixture.home)
    let entries = try log.latest(limit: 10).entries
    let lines = entries.map { entry in
      let (on, what) = (entry.json["on"].items, entry.json["what"].items)
      return ([entry.json["did"]] + on + what).compactMap(\.string).joined(separator: " ")
    }
    #expect(
      lines == [
        "changeConnection b from=127.0.0.1 no-test=yes set:key",
        "addOperator from=127.0.0.1 name=ada role=viewer",
        "retryRun none from-step=2 from=127.0.0.1", "disableFlow ab from=127.0.0.1",
        "signIn from=127.0.0.1",
      ])
    #expect(entries.allSatisfy { $0.json["by"] == "administrator" && $0.isChained })
    #expect(try log.entries().map(\.json) == entries.reversed().map(\.json))
    #expect(try browser.document("/audit") == .array(entries.map(\.json)))
    let texts = try [browser.get("/audit").text, browser.get("/audit.csv").text]
    for text in texts {
      #expect(text.contains("disableFlow"))
      #expect(!text.contains("a password of ada") && !text.contains("a new secret key"))
    }
    #expect(try browser.document("/audit?by=ada") == [])
    let first = try log.latest(limit: 2)
    let rest = try log.latest(before: first.next, limit: 10)
    #expect((first.entries + rest.entries).map(\.number) == entries.map(\.number))
  }

  @Test func refusedDeedsAreNotNoted() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: .viewer)
    try browser.get("/flow-connections/ab")
    _ = try browser.submit("/flow-connections/ab/disable")
    _ = try browser.send("POST", "/flow-connections/ab/disable")
    let entries = try AuditLog(home: fixture.home).entries()
    #expect(entries.map { $0.json["did"] } == ["signIn"])
  }

  @Test func programIsNamedWithItsToken() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture)
    let token = try APITokens(home: fixture.home).make(
      "ci", of: "operator", now: WallClock.system.now())
    browser.headers = ["Authorization": "Bearer \(token)", "Accept": "application/json"]
    #expect(try browser.send("POST", "/flow-connections/ab/disable").status == 200)
    let entry = try AuditLog(home: fixture.home).latest(limit: 1).entries.first
    #expect(entry?.json["by"] == "operator (token ci)")
  }
}
