import Catalog
import HTTPServer
import HTTPTypes
import Operations
import Records
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// New flows, plans, customers and invoices.
struct FlowPageTests {
  @Test func flowIsMadeInSteps() throws {
    let fixture = try TestHome()
    let browser = try Browser(fixture, as: .administrator)
    #expect(try browser.get("/new-flow").text.contains("Define flow"))
    let start = "/new-flow?name=My+Flow&type=inbound"
    #expect(try browser.get(start).text.contains("Alpha: Made"))
    let actions = "\(start)&trigger=alpha%2Fmade"
    #expect(try browser.get(actions).text.contains("Beta: Take"))
    let filled = "\(actions)&action=beta%2Ftake&set:beta%2Ftake.count=3"
    #expect(try browser.get(filled).text.contains("value=\"3\""))
    let preview = try browser.get(
      "\(filled)&if:beta%2Ftake=%7B%22path%22%3A%22a%22%2C%22equals%22%3A1%7D&preview=yes"
    ).text
    #expect(preview.contains("Save"))
    let wrong = try browser.get("\(filled)&if:beta%2Ftake=x&preview=yes").text
    #expect(wrong.contains("is not JSON") && !wrong.contains(">Save<"))
    try browser.get("\(filled)&preview=yes")
    let made = try browser.submit(
      "/flows",
      [
        "name": "My Flow", "type": "inbound", "trigger": "alpha/made", "action": "beta/take",
        "set:beta/take.count": "3", "if:beta/take": #"{"path":"a","equals":1}"#,
      ])
    #expect(made.headers["Location"] == "/flows/my-flow", "\(made.text)")
    let flow = try fixture.registry.flows.get("my-flow")
    #expect(flow.parts.last?.payload == ["count": 3])
    #expect(flow.parts.last?.condition?.text == "a is 1")
    #expect(try browser.get("/new-flow?name=my-flow&type=inbound").text.contains("choose another"))
    #expect(try browser.document("/flows?visibility=private").items.count == 1)
    #expect(try browser.get("/flows/my-flow").text.contains("only if a is 1"))
    #expect(try browser.submit("/flows/my-flow/remove").status == 303)
    #expect(try browser.get("/flows/my-flow").status == 404)
  }

  @Test func planIsShownAndPerformsNothing() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(200, type: "application/json", text: "{}") }
    defer { api.stop() }
    try fixture.connect(port: api.port)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"created"'*) echo '{"outcome":"done","output":{}}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{"colour":"red"}}}]}';;
      esac
      """#)
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/flow-connections/ab")
    let plan = try browser.submit(
      "/flow-connections/ab/plan", ["body": #"{"id":"e9","type":"made","about":"x"}"#])
    #expect(plan.status == 200, "\(plan.text)")
    for words in ["POST /things", "colour=red", "Would not complete"] {
      #expect(plan.text.contains(words), "\(words)")
    }
    #expect(api.requests.isEmpty)
    #expect(try browser.submit("/flow-connections/ab/plan", ["body": "{"]).status == 422)
    let run = try #require(fixture.dispatch().first)
    let again = try browser.submit("/flow-connections/ab/plan", ["event": run.event])
    #expect(again.text.contains("Plan of ab"))
  }

  @Test func customerHasAllItsIDsAndRuns() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let run = try #require(fixture.dispatch().first)
    try Links(home: fixture.home).link(.customer, ["alpha:one": "x", "beta:b": "b-7"])
    let browser = try Browser(fixture, as: .viewer)
    #expect(try browser.get("/customers").text.contains("alpha:one/x"))
    for place in ["alpha:one/x", "beta:b/b-7"] {
      let document = try browser.document("/customers/\(place.percentEncoded)")
      #expect(document["ids"] == ["alpha:one": "x", "beta:b": "b-7"])
      #expect(document["runs"].items.compactMap { $0["id"].string } == [run.id])
    }
    #expect(try browser.get("/customers/alpha:one%2Fy").text.contains("not in the ID mapping"))
    #expect(try browser.get("/customers/nothing").status == 400)
  }

  @Test func invoiceIsShownWithBothIDsAndItsTotal() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script(
      "alpha-made",
      #"""
      read -r line
      echo '{"outcome":"done","output":{"ids":{"alpha":"i1"},"customer":{"alpha":"x"},"total":1234.5,"currency":"EUR","paid":34.5,"lines":[{"description":"Use","amount":1034.5},{"description":"VAT","amount":200,"tax":true}]}}'
      """#)
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"no"}'"#)
    let run = try #require(fixture.dispatch().first)
    try Links(home: fixture.home).link(.invoice, ["alpha:one": "i1", "beta:b": "77"])
    let browser = try Browser(fixture, as: .viewer)
    let invoice = try #require(browser.document("/invoices").items.first)
    #expect(invoice["run"].string == run.id)
    #expect(invoice["ids"] == ["alpha:one": "i1", "beta:b": "77"])
    #expect(invoice["total"] == "1234.50")
    #expect(invoice["customers"] == ["alpha:one/x"])
    #expect(try browser.get("/invoices").text.contains("1234.50 EUR"))
    #expect(try browser.get("/invoices.csv").text.contains("1234.50,200.00,34.50,EUR"))
    #expect(try browser.get("/invoices").text.contains("of it tax 200.00"))
    for (state, count) in [("unsynced", 1), ("synced", 0), ("unpaid", 1), ("paid", 0)] {
      #expect(try browser.document("/invoices?state=\(state)").items.count == count, "\(state)")
    }
    #expect(try browser.get("/invoices?state=none").status == 400)
    #expect(try browser.document("/invoices?status=failed") == [])
  }

  @Test func appShowsItsStepsAndFields() throws {
    let browser = try Browser(TestHome(), as: .viewer)
    let page = try browser.get("/apps/beta").text
    for words in ["App ID", "beta/take", "Count", "Key"] { #expect(page.contains(words)) }
    #expect(try browser.document("/apps/beta")["app"] == "beta")
    #expect(try browser.get("/apps/nothing").status == 404)
  }
}
