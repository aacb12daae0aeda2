import HTTPClient
import HTTPServer
import HTTPTypes
import Operations
import Setup
import Store
import TestHomes
import Testing
import Values

@testable import Console

/// What never reaches a page.
struct GateTests {
  @Test(arguments: ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:8789"])
  func otherHostsAreRefused(host: String) throws {
    let browser = try Browser(TestHome(), as: .administrator)
    #expect(try browser.get("/", ["Host": host]).status == 421)
    #expect(try browser.get("/", ["Host": "localhost:\(browser.server.port)"]).status == 200)
  }

  @Test func formsOfOtherSitesAreRefused() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/flow-connections/ab")
    let deed = "/flow-connections/ab/disable"
    let own = "http://127.0.0.1:\(browser.server.port)"
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
      browser.headers = ["Origin": origin]
      #expect(try browser.submit(deed).status == 403, "\(origin)")
    }
    browser.headers = ["Sec-Fetch-Site": "cross-site"]
    #expect(try browser.submit(deed).status == 403)
    browser.headers = ["Origin": own]
    #expect(
      try browser.send("POST", deed, body: "csrf=\(String(repeating: "0", count: 64))").status
        == 403)
    #expect(try browser.send("POST", deed, body: "x=1").status == 403)
    #expect(try fixture.registry.flows.connection("ab").isEnabled)
    #expect(try browser.submit(deed).status == 303)
    #expect(try !fixture.registry.flows.connection("ab").isEnabled)
  }

  @Test func everyAnswerIsProtected() throws {
    let browser = try Browser(TestHome(), as: .administrator)
    for path in [
      "/", "/runs", "/nowhere", "/console.css", "/console.js", "/openapi.json", "/sign-in",
    ] {
      let headers = try browser.get(path).headers
      let policy = try #require(headers["Content-Security-Policy"], "\(path)")
      #expect(policy.hasPrefix("default-src 'none';"))
      #expect(policy.contains("frame-ancestors 'none'"))
      #expect(!policy.contains("unsafe"))
      #expect(headers["X-Content-Type-Options"] == "nosniff")
      #expect(headers["Referrer-Policy"] == "same-origin")
    }
  }

  @Test func requestsOfOtherMachinesAreRefused() throws {
    let handler = try Self.handler(ConsoleOptions())
    #expect(try Self.get(handler, "/sign-in", from: "10.0.0.7").status == 403)
    #expect(try Self.get(handler, "/sign-in", from: "127.0.0.1").status == 200)
  }

  @Test func otherAddressesNeedAProxy() throws {
    let fixture = try TestHome()
    var options = ConsoleOptions()
    options.listen = "0.0.0.0:0"
    #expect(throws: Problem.self) {
      try ConsoleServer(registry: fixture.registry, caller: fixture.functions, options: options)
    }
    options.proxy = .init(address: "10.0.0.7", userHeader: "X-User")
    options.url = Origin(strict: "https://console.acme.example")
    #expect(throws: Problem.self) {
      try ConsoleServer(registry: fixture.registry, caller: fixture.functions, options: options)
    }
    options.proxy?.secret = Secret("a secret of the proxy")
    _ = try ConsoleServer(registry: fixture.registry, caller: fixture.functions, options: options)
  }

  @Test func proxyNamesOperatorOnlyWithItsSecret() throws {
    var options = ConsoleOptions()
    options.url = Origin(strict: "https://console.acme.example")
    options.proxy = .init(
      address: "10.0.0.7", userHeader: "X-User", secret: Secret("a secret of the proxy"))
    let handler = try Self.handler(options)
    let good: Headers = ["X-User": "ada", "X-Meterbridge-Proxy": "a secret of the proxy"]
    func status(_ headers: Headers, from peer: String = "10.0.0.7") throws -> Int {
      try Self.get(handler, "/", headers, from: peer, host: "console.acme.example").status
    }
    #expect(try status(good) == 200)
    #expect(try status(["X-User": "ada"]) == 303)
    #expect(try status(["X-User": "ada", "X-Meterbridge-Proxy": "another"]) == 303)
    #expect(try status(["X-User": "eve", "X-Meterbridge-Proxy": "a secret of the proxy"]) == 303)
    #expect(try status(good, from: "10.0.0.8") == 403)
    #expect(try status(good, from: "127.0.0.1") == 303)
    let page = try Self.get(handler, "/", good, from: "10.0.0.7", host: "console.acme.example")
    let cookie = try #require(page.headers["Set-Cookie"])
    #expect(cookie.hasPrefix("__Host-meterbridge-form="))
    #expect(cookie.hasSuffix("; Secure"))
  }

  @Test func tokenActsAsItsOperator() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture)
    let token = try APITokens(home: fixture.home).make(
      "ci", of: "viewer", now: WallClock.system.now())
    browser.headers = ["Authorization": "Bearer \(token)", "Accept": "application/json"]
    #expect(try browser.get("/flow-connections/ab").json()["enabled"] == true)
    let refused = try browser.send("POST", "/flow-connections/ab/disable")
    #expect(refused.status == 403)
    #expect(try refused.json()["error"] == "This needs the role operator.")
    try APITokens(home: fixture.home).remove("ci", of: "viewer")
    let gone = try browser.get("/runs")
    #expect(gone.status == 401)
    #expect(gone.headers["WWW-Authenticate"] == "Bearer")
  }

  private static func handler(_ options: ConsoleOptions) throws -> ConsoleHandler {
    let fixture = try TestHome()
    _ = try OperatorStore(home: fixture.home).add(
      "ada", role: .viewer, now: WallClock.system.now())
    return ConsoleHandler(
      registry: fixture.registry, caller: fixture.functions, options: options, port: 8789)
  }

  private static func get(
    _ handler: ConsoleHandler, _ path: String, _ more: Headers = [:], from peer: String,
    host: String = "127.0.0.1:8789"
  ) throws -> Response {
    var headers: Headers = ["Host": host]
    for field in more.fields { headers[field.name] = field.value }
    let request = try #require(
      Request("GET", path, headers: headers, peer: Peer(host: peer, port: 1)))
    return handler.answer(request).response
  }
}
