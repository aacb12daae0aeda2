import HTTPServer
import HTTPTypes
import Operations
import Records
import Setup
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// The pages of runs and events, and what can be done there.
struct RunsPageTests {
  /// A home with a failed run.
  static func failedRun() throws -> (fixture: TestHome, run: Run) {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script(
      "beta-take", #"read -r line; echo '{"outcome":"fail","reason":"the thing is too heavy"}'"#)
    return (fixture, try #require(fixture.dispatch().first))
  }

  @Test func emptyListSaysWhatToDo() throws {
    let browser = try Browser(TestHome(), as: .viewer)
    #expect(try browser.get("/runs").text.contains("A run begins when an event arrives"))
    #expect(try browser.get("/events").text.contains("No events match."))
    #expect(try browser.get("/").text.contains("Nothing is connected yet."))
  }

  @Test func listShowsRunsAsTheCommandDoes() throws {
    let (fixture, run) = try Self.failedRun()
    let browser = try Browser(fixture, as: .viewer)
    let page = try browser.get("/runs").text
    #expect(page.contains(">\(run.id)</a>"))
    #expect(page.contains("the thing is too heavy"))
    #expect(try browser.document("/runs") == .array([run.json()]))
    #expect(try browser.document("/runs?status=success") == [])
    #expect(
      try browser.document("/runs?status=failed&reason=HEAVY&since=1h") == .array([run.json()]))
    #expect(try browser.document("/runs?until=2020-01-01") == [])
    #expect(try browser.get("/runs?status=none").status == 400)
    let csv = try browser.get("/runs.csv")
    #expect(csv.headers["Content-Type"] == "text/csv; charset=utf-8")
    let head = "run,status,at,flowConnection,event,reason,warning"
    #expect(csv.text.hasPrefix("\(head)\r\n\(run.id),failed,"))
  }

  /// A run that succeeded with a note that a person should know.
  @Test func warningOfADoneRunIsShown() throws {
    let fixture = try TestHome()
    try fixture.connect()
    func reply(_ event: String, _ members: String) throws -> Run {
      try fixture.script(
        "beta-take",
        #"read -r line; echo '{"outcome":"done","output":{"ids":{"alpha":"1"}},\#(members)}'"#)
      return try #require(
        fixture.dispatch(["id": .string(event), "type": "made", "about": "x"]).first)
    }
    let plain = try reply("e1", #""note":"the card was charged""#)
    #expect(plain.status == .success && plain.warning == nil)
    #expect(plain.news(at: plain.at) == nil)
    let run = try reply("e2", #""note":"the card was refused","warning":true"#)
    #expect(run.status == .success)
    #expect(run.warning == "the card was refused")
    #expect(run.json()["warning"] == "the card was refused")
    #expect(run.news(at: run.at)?.level == .warning)
    #expect(run.log.contains { $0.name == "Step 2 End" && $0.status == "Warning" })
    let again = try Run(json: run.json)
    #expect(again.warning == run.warning)
    let browser = try Browser(fixture, as: .viewer)
    for place in ["/runs", "/runs/\(run.id)"] {
      let page = try browser.get(place).text
      #expect(page.contains("Success, with a warning"), "\(place)")
      #expect(page.contains("the card was refused"), "\(place)")
    }
    let found = try browser.document("/runs?reason=REFUSED")
    #expect(found == .array([run.json()]))
    #expect(try browser.get("/runs.csv").text.contains(",the card was refused\r\n"))
  }

  @Test func unreadableEventIsShownAndRemoved() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let event = try APITests.unreadable(in: fixture)
    let viewer = try Browser(fixture, as: .viewer)
    #expect(try viewer.get("/events").text.contains("1 could not be read"))
    #expect(try viewer.get("/unreadable").text.contains("it is not JSON"))
    #expect(try viewer.get("/unreadable/\(event.id)").status == 403)
    let browser = try Browser(fixture, as: .operator)
    let page = try browser.get("/unreadable/\(event.id.prefix(8))").text
    #expect(page.contains("&lt;b&gt;{") && page.contains("It is not JSON."))
    #expect(try browser.submit("/unreadable/\(event.id)/remove").status == 303)
    #expect(try browser.get("/unreadable").text.contains("Every event could be read."))
    #expect(try browser.get("/unreadable/\(event.id)").status == 404)
    #expect(try !browser.get("/events").text.contains("could not be read"))
  }

  @Test func listsArePortionedByKey() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"no"}'"#)
    for number in 1...53 {
      _ = try fixture.dispatch(["id": .string("e\(number)"), "type": "made", "about": "x"])
    }
    let browser = try Browser(fixture, as: .viewer)
    for list in ["/runs", "/events"] {
      var seen: [JSON] = []
      var path: String? = list
      while let next = path {
        let page = try browser.get(next, ["Accept": "application/json"])
        seen += try page.json().items
        path = page.headers["Link"]?.firstMatch(of: /<([^>]+)>/).map { String($0.output.1) }
      }
      #expect(seen.count == 53)
      #expect(Set(seen.map { $0["id"].string ?? $0["event"].string ?? "" }).count == 53)
      #expect(try browser.get(list).text.contains("rel=\"next\""))
    }
  }

  @Test func runIsShownWithItsEffectsAndRetried() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(422, type: "application/json", text: #"{"why":"so"}"#)
    }
    defer { api.stop() }
    try fixture.connect(port: api.port)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"status":422'*) echo '{"outcome":"fail","reason":"refused"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{"colour":"red"}}}]}';;
      esac
      """#)
    let run = try #require(fixture.dispatch().first)
    let browser = try Browser(fixture, as: .operator)
    let page = try browser.get("/runs/\(run.id)").text
    for words in [
      "POST /things", "answered 422", "&quot;colour&quot;: &quot;red&quot;", "<bdi>refused</bdi>",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains(TestHome.key))
    #expect(
      try browser.document("/runs/\(run.id)")
        == RunView(run.id, in: fixture.home).json)
    let replayed = try browser.submit("/runs/\(run.id)/replay")
    #expect(replayed.text.contains("same, byte for byte"))
    let retried = try browser.submit("/runs/\(run.id)/retry")
    #expect(retried.status == 303)
    #expect(retried.headers["Location"] == "/runs/\(run.id)")
    let after = try RunStore(home: fixture.home).run(run.id)
    #expect(after.status == .pending)
    #expect(after.log.last?.by == "operator")
    #expect(try browser.get("/runs/\(run.id)").text.contains("The run continues."))
    #expect(try !browser.get("/runs/\(run.id)").text.contains("The run continues."))
    // It is pending now, and is tried at once or ends
    #expect(try browser.get("/runs/\(run.id)").text.contains("Try now"))
    #expect(try browser.submit("/runs/\(run.id)/retry").status == 303)
    #expect(try browser.submit("/runs/\(run.id)/cancel").status == 303)
    #expect(try RunStore(home: fixture.home).run(run.id).status == .canceled)
    #expect(try browser.submit("/runs/\(run.id)/cancel").status == 409)
    #expect(try browser.get("/runs/none").status == 404)
  }

  /// A home with a run of which a person must say whether its effect happened, and the app, to be stopped.
  static func parkedRun() throws -> (fixture: TestHome, api: FakeAPI, run: Run) {
    let fixture = try TestHome()
    let api = try FakeAPI { request, _ in
      request.method == "GET"
        ? Response(200, type: "application/json", text: "{}") : .dropConnection
    }
    try fixture.connect("gamma", port: api.port)
    try fixture.script(
      "gamma-take",
      #"""
      read -r line
      case "$line" in
        *'"id":"t1"'*) echo '{"outcome":"done","output":{}}';;
        *'"look":{"status":200'*) echo '{"outcome":"fail","reason":"nobody knows"}';;
        *'"unknown":true'*) echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/things"}}]}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}';;
      esac
      """#)
    let run = try #require(fixture.dispatch().first)
    try #require(run.status == .parked)
    return (fixture, api, run)
  }

  @Test func parkedEffectIsSettled() throws {
    let (fixture, api, run) = try Self.parkedRun()
    defer { api.stop() }
    let browser = try Browser(fixture, as: .operator)
    let page = try browser.get("/runs/\(run.id)")
    #expect(page.text.contains("Did “created” happen?"))
    let path = "/runs/\(run.id)/settle"
    #expect(try browser.submit(path, ["effect": "created", "happened": "yes"]).status == 400)
    #expect(
      try browser.submit(path, ["effect": "created", "happened": "yes", "answer": "{"]).status
        == 422)
    let settled = try browser.submit(
      path, ["effect": "created", "happened": "yes", "answer": #"{"id":"t1"}"#])
    #expect(settled.status == 303)
    #expect(try RunStore(home: fixture.home).run(run.id).status == .pending)
  }

  @Test func eventIsShownWholeToOperatorsOnly() throws {
    let (fixture, run) = try Self.failedRun()
    _ = try fixture.dispatch([
      "id": "e2", "type": "made", "about": "x", "email": "ada@acme.example",
    ])
    let browser = try Browser(fixture, as: .viewer)
    let events = try browser.document("/events").items
    let key = try #require(events.first?["key"].string)
    let path = "/events/\(key.percentEncoded)"
    #expect(try !browser.get(path).text.contains("ada@acme"))
    browser.forget()
    try browser.signIn(as: "operator")
    #expect(try browser.get(path).text.contains("ada@acme.example"))
    #expect(try browser.document(path)["body"]["about"] == "x")
    // It has a run of the flow connection already
    #expect(
      try browser.submit("\(path)/run", ["flow-connection": "ab"]).status == 409)
    #expect(try browser.get("/find?q=\(run.id)").headers["Location"] == "/runs/\(run.id)")
    #expect(try browser.get("/find?q=e2").headers["Location"] == path)
    #expect(try browser.get("/find?q=nothing").text.contains("Nothing has the id nothing."))
  }

  @Test func overviewCountsTheDay() throws {
    let (fixture, _) = try Self.failedRun()
    let browser = try Browser(fixture, as: .viewer)
    let day = try browser.document("/")
    #expect(day["runs"]["failed"] == 1)
    #expect(day["hours"].items.last?["trouble"] == 1)
    #expect(try browser.get("/").text.contains("Runs by hour"))
    #expect(!day.text.contains("latency"), "nothing is done")
  }

  @Test func overviewShowsTheMonthAndHowLongRunsTake() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let now = WallClock.system.now()
    for (number, days) in [0, 0, 0, 12, 40].enumerated() {
      let at = now.adding(seconds: -86_400 * days - 60)
      let id = try Identifier.make("run", at: at, number: 0, name: "e\(number)")
      var run = Run(id: id, flowConnection: "ab", event: "event/a/e", lane: "a/1", at: at)
      run.note("Step 1 Start", "Success", at: at)
      run.note("Run End", "Success", at: at.adding(seconds: [1, 2, 30, 7, 9][number]))
      _ = try fixture.home.store.commit(
        run.end(.success, nil, at: at.adding(seconds: [1, 2, 30, 7, 9][number])))
    }
    let browser = try Browser(fixture, as: .viewer)
    let month = try browser.document("/?span=month")
    let days = month["days"].items
    #expect(days.count == 30)
    #expect(days.last?["all"] == 3 && days.last?["latency"] == 2000)
    #expect(days[17]["all"] == 1 && days[17]["latency"] == 7000)
    #expect(month["latency"] == 7000, "the upper one of two")
    let page = try browser.get("/?span=month").text
    #expect(page.contains("Runs by day") && page.contains("Time from event to end"))
    #expect(page.contains("that are done: 7 s"))
  }
}
