import Foundation
import HTTPServer
import Records
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

struct BeginAgainTests {
  private let fixture: TestHome
  private let api: FakeAPI

  init() throws {
    fixture = try TestHome()
    api = try FakeAPI { _, _ in Response(201, type: "application/json", text: "{}") }
    try fixture.connect(port: api.port)
    try fixture.script(
      "alpha-made",
      """
      read -r line; echo called >> \(fixture.path)/calls
      echo '{"outcome":"done","output":{"ids":{"alpha":"1"}}}'
      """)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"created":'*) echo '{"outcome":"done","output":{}}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{"a":1}}}]}';;
      esac
      """#)
  }

  private var calls: Int {
    let text = try? String(contentsOfFile: "\(fixture.path)/calls", encoding: .utf8)
    return text?.split(separator: "\n").count ?? 0
  }

  /// What the trigger read may have changed while others of the lane went on.
  @Test func runBeginsAgainAfterAWaitForAPerson() throws {
    defer { api.stop() }
    let pauses = Pauses(home: fixture.home)
    try pauses.pause("b", "its key is refused", at: WallClock.system.now())
    let run = try #require(try fixture.dispatch().first)
    #expect(run.waitsFor == .person)
    #expect(run.lane == "alpha:one/x|ab")
    #expect(calls == 1)
    #expect(try pauses.resume("b"))
    let done = try fixture.finish(run)
    #expect(done.status == .success)
    #expect(done.lane == "alpha:one/x", "it is back in its lane")
    #expect(calls == 2)
    #expect(api.requests.count == 1)
  }

  @Test func runThatMayHaveChangedSomethingGoesOnWhereItWas() throws {
    defer { api.stop() }
    let pauses = Pauses(home: fixture.home)
    try pauses.pause("b", "its key is refused", at: WallClock.system.now())
    let run = try #require(try fixture.dispatch().first)
    var ledger = try Ledger(home: fixture.home, run: run.id, step: 1)
    try ledger.record(
      "created",
      LedgerEntry(
        .confirmed,
        ["http": ["name": "created", "method": "POST", "path": "/things", "body": ["a": 1]]],
        at: WallClock.system.now(), round: 1, answer: .known(status: 201, value: [:])))
    #expect(try pauses.resume("b"))
    #expect(try fixture.finish(run).status == .success)
    #expect(calls == 1)
    #expect(api.requests.isEmpty)
  }
}
