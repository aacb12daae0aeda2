import HTTPServer
import HTTPTypes
import Operations
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// The pages of connections, flows and links, from an empty home to a flow that runs.
struct SetupPageTests {
  @Test func flowIsSetUpByForms() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(200, type: "application/json", text: "{}") }
    defer { api.stop() }
    let browser = try Browser(fixture, as: .administrator)
    try browser.get("/new-connection/alpha")
    let alpha = try browser.submit(
      "/new-connection/alpha",
      ["name": "a", "set:account": "one", "set:password": TestHome.password, "no-test": "yes"])
    #expect(alpha.headers["Location"] == "/connections/a", "\(alpha.text)")
    let beta = try browser.submit(
      "/new-connection/beta",
      [
        "name": "b", "set:key": TestHome.key, "set:baseUrl": "http://127.0.0.1:\(api.port)",
      ])
    #expect(beta.headers["Location"] == "/connections/b")
    #expect(try browser.get("/connections/b").text.contains("Beta accepts the key of b."))
    #expect(try browser.get("/flows/to-beta").text.contains("The flow does nothing until"))
    let connected = try browser.submit(
      "/flows/to-beta/connect",
      [
        "name": "ab", "step:alpha/made": "a", "step:beta/take": "b", "set:beta/take.count": "3",
        "enable": "yes",
      ])
    #expect(connected.headers["Location"] == "/flow-connections/ab", "\(connected.text)")
    let flow = try fixture.registry.flows.connection("ab")
    #expect(flow.isEnabled)
    #expect(flow.parts.last?.payload == ["count": 3])
    #expect(try browser.get("/flow-connections/ab").text.contains("count = 3"))
    #expect(try browser.get("/").text.contains("ab</a>"))
    #expect(try browser.submit("/connections/b/remove").status == 409)
    #expect(try browser.submit("/flow-connections/ab/disconnect").status == 303)
    #expect(try browser.submit("/connections/b/remove").status == 303)
    #expect(try browser.get("/connections/b").status == 404)
  }

  @Test func secretsAreInNoPage() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: .administrator)
    for path in [
      "/connections", "/connections/a", "/connections/b", "/flow-connections/ab", "/apps",
    ] {
      for page in [try browser.get(path), try browser.get(path, ["Accept": "application/json"])] {
        #expect(page.status == 200)
        #expect(!page.text.contains(TestHome.key) && !page.text.contains(TestHome.password))
      }
    }
  }

  @Test func connectionIsTestedAndChanged() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { request, _ in
      let isKnown = request.headers["Authorization"]?.isEmpty == false
      return Response(isKnown ? 200 : 401, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    try fixture.connect(port: api.port)
    let browser = try Browser(fixture, as: .administrator)
    try browser.get("/connections/b")
    #expect(try browser.submit("/connections/b/test").text.contains("Beta accepts the key of b."))
    #expect(try browser.submit("/connections/b/change").status == 400)
    let changed = try browser.submit("/connections/b/change", ["set:requestsPerMinute": "30"])
    #expect(changed.status == 303)
    #expect(
      try fixture.registry.connections.get("b").settings["requestsPerMinute"].int == 30)
    // A field that is sent as it is shown changes nothing, and an empty one keeps the secret
    let same = ["set:requestsPerMinute": "30", "set:key": ""]
    #expect(try browser.submit("/connections/b/change", same).status == 400)
    #expect(try fixture.home.secret("key", of: "b")?.reveal() == TestHome.key)
  }

  @Test func testOfDeadConnectionSaysSo() throws {
    let fixture = try TestHome()
    let nobody = try TCPSocket.reserved()
    try fixture.connect(port: nobody.port)
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/connections/b")
    let answer = try browser.submit("/connections/b/test")
    #expect(answer.status == 502)
    #expect(answer.text.contains("<h1><bdi>No answer") || answer.text.contains("<h1>No answer"))
  }

  @Test func idsAreLinkedAndUnlinked() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/links")
    let ids = ["kind": "customer", "one": "alpha:one/1", "other": "beta:b/2"]
    #expect(try browser.submit("/links", ids).status == 303)
    #expect(
      try browser.document("/links?id=beta%3Ab%2F2")
        == [["kind": "customer", "ids": ["alpha:one": "1", "beta:b": "2"]]])
    #expect(
      try browser.get("/find?q=2").headers["Location"] == "/links?kind=customer&id=beta%3Ab%2F2")
    #expect(
      try browser.get("/links.csv").text == "kind,alpha:one,beta:b\r\ncustomer,1,2\r\n")
    let wrong = ["kind": "customer", "one": "alpha:one/1", "other": "beta:b/3"]
    #expect(try browser.submit("/links", wrong).status == 409)
    #expect(
      try browser.submit("/links", ["kind": "x", "one": "a:b/1", "other": "c:d/2"]).status == 400)
    #expect(
      try browser.submit("/links/remove", ["kind": "customer", "id": "beta:b/2"]).status == 303)
    #expect(try browser.document("/links") == [])
  }

  @Test func operatorsAreManaged() throws {
    let fixture = try TestHome()
    let browser = try Browser(fixture, as: .administrator)
    try browser.get("/operators")
    let short = ["name": "ada", "role": "approver", "password": "short"]
    #expect(try browser.submit("/operators", short).status == 400)
    let good = ["name": "ada", "role": "approver", "password": "long enough, this one"]
    #expect(try browser.submit("/operators", good).status == 303)
    #expect(try browser.submit("/operators", good).status == 409)
    let page = try browser.get("/operators").text
    #expect(page.contains("ada") && !page.contains("long enough"))
    let store = OperatorStore(home: fixture.home)
    #expect(try store.authenticated("ada", password: "long enough, this one")?.role == .approver)
    #expect(try browser.submit("/operators/ada/change", ["role": "viewer"]).status == 303)
    #expect(try store.get("ada").role == .viewer)
    let made = try browser.submit("/operators/ada/tokens", ["name": "ci <b>"])
    let token = try #require(made.text.firstMatch(of: /Copy ([0-9a-f]{64})/)).output.1
    #expect(made.status == 200 && made.headers["Cache-Control"] == "no-store")
    #expect(try APITokens(home: fixture.home).token(String(token))?.operator == "ada")
    #expect(try browser.submit("/operators/ada/tokens", ["name": "ci <b>"]).status == 409)
    #expect(try !browser.get("/operators").text.contains(token))
    #expect(try browser.submit("/operators/ada/tokens/ci%20%3Cb%3E/revoke").status == 303)
    #expect(try browser.submit("/operators/ada/tokens/ci%20%3Cb%3E/revoke").status == 404)
    #expect(try APITokens(home: fixture.home).token(String(token)) == nil)
    #expect(try browser.submit("/operators/ada/remove").status == 303)
    // Somebody must be able to let others in
    #expect(try browser.submit("/operators/administrator/remove").status == 409)
    #expect(
      try browser.submit("/operators/administrator/change", ["role": "viewer"]).status == 409)
  }
}
