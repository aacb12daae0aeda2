import HTTPTypes
import Operations
import Records
import Setup
import TestHomes
import Testing
import Values

@testable import Console

/// The list of what a person must look at.
struct AttentionPageTests {
  private static func failed(_ count: Int) throws -> (TestHome, [Run]) {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script(
      "beta-take", #"read -r line; echo '{"outcome":"fail","reason":"the thing is too heavy"}'"#)
    let runs = try (1...count).flatMap { number in
      try fixture.dispatch(["id": .string("e\(number)"), "type": "made", "about": "x"])
    }
    return (fixture, runs)
  }

  @Test func emptyListSaysSo() throws {
    let browser = try Browser(TestHome(), as: .viewer)
    #expect(try browser.get("/attention").text.contains("Nothing needs you now."))
  }

  @Test func listIsThatOfTheCommand() throws {
    let (fixture, runs) = try Self.failed(2)
    let browser = try Browser(fixture, as: .viewer)
    let items = try Attention(fixture.registry).items(at: WallClock.system.now())
      .filter { $0.cause == .failed }
    #expect(try browser.document("/attention?cause=failed") == .array(items.map(\.json)))
    let page = try browser.get("/attention").text
    for run in runs { #expect(page.contains(run.id)) }
    #expect(page.contains("the thing is too heavy"))
    #expect(try browser.document("/attention?reason=light") == [])
    #expect(try browser.get("/attention?cause=x").status == 400)
    #expect(try browser.get("/attention.csv").text.contains("the thing is too heavy"))
  }

  @Test func itemsAreAssignedAndAllOfACauseAreTaken() throws {
    let (fixture, runs) = try Self.failed(3)
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/attention")
    func act(_ fields: [String: String]) throws -> Int {
      try browser.submit("/attention", fields).status
    }
    let id = "failed/\(runs[0].id)"
    #expect(try act(["do": "assign", "id": id, "to": "nobody-here"]) == 404)
    #expect(try act(["do": "assign", "id": id, "to": "approver"]) == 303)
    #expect(try browser.get("/attention").text.contains("assigned to approver"))
    let mine = try browser.document("/attention?assigned-to=approver").items
    #expect(mine.compactMap { $0["run"].string } == [runs[0].id])
    #expect(mine.first?["assignedTo"] == "approver")
    #expect(try act(["do": "assign", "id": id]) == 303)
    #expect(try browser.document("/attention?assigned-to=approver") == [])
    #expect(try act(["do": "retry", "all": "x"]) == 400)
    #expect(try act(["do": "retry", "all": "failed"]) == 303)
    for run in runs {
      #expect(try RunStore(home: fixture.home).run(run.id).status == .pending)
    }
  }

  @Test func pickedItemsAreRetriedAndAcknowledgedTogether() throws {
    let (fixture, runs) = try Self.failed(3)
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/attention")
    #expect(try browser.submit("/attention", ["do": "retry"]).status == 400)
    let token = browser.page?.token ?? ""
    let body = Form.encode(
      [Field("csrf", token), Field("do", "acknowledge")]
        + runs.prefix(2).map { Field("id", "failed/\($0.id)") })
    let done = try browser.send(
      "POST", "/attention", ["Content-Type": "application/x-www-form-urlencoded"], body: body)
    #expect(done.status == 303)
    let left = try browser.document("/attention?cause=failed").items
    #expect(left.compactMap { $0["run"].string } == [runs[2].id])
    #expect(try RunStore(home: fixture.home).run(runs[0].id).log.last?.by == "operator")
    #expect(
      try browser.submit("/attention", ["do": "retry", "id": "failed/\(runs[2].id)"]).status
        == 303)
    #expect(try RunStore(home: fixture.home).run(runs[2].id).status == .pending)
    #expect(try browser.document("/attention?cause=failed") == [])
  }
}
