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

/// The OpenAPI description, and the answers held against it.
struct APITests {
  /// The schema of the answer of an operation.
  static func schema(of operation: JSON) throws -> Schema {
    func local(_ json: JSON) -> JSON {
      switch json {
      case .object, .namesakes: json.mapMembers { _, value in local(value) }
      case .array(let items): .array(items.map(local))
      case .string(let text):
        .string(text.replacing("#/components/schemas/", with: "#/$defs/"))
      case .null, .bool, .number: json
      }
    }
    let own = operation["responses"]["200"]["content"]["application/json"]["schema"]
    var members = local(own).object ?? [:]
    members["$defs"] = local(OpenAPI.document["components"]["schemas"])
    return try Schema(.object(members))
  }

  @Test func descriptionIsServedAndWhole() throws {
    let browser = try Browser(TestHome())
    let document = try browser.get("/openapi.json").json()
    #expect(document == OpenAPI.document)
    #expect(document["openapi"] == "3.1.0")
    var ids: Set<String> = []
    for (path, methods) in document["paths"].object ?? [:] {
      for (method, operation) in methods.object ?? [:] {
        let id = try #require(operation["operationId"].string)
        #expect(ids.insert(id).inserted, "\(id) twice")
        let names = path.matches(of: /\{(\w+)\}/).map { String($0.output.1) }
        let declared = operation["parameters"].items.filter { $0["in"] == "path" }
        #expect(declared.compactMap { $0["name"].string } == names, "\(method) \(path)")
        _ = try Self.schema(of: operation)
      }
    }
    #expect(ids.count >= 25)
    // All that people can see or do, programs can, but for what is of the browser only
    let others = Route.all.filter { $0.operation == nil }.map(\.template)
    #expect(
      Set(others) == [
        "/sign-in", "/sign-out", "/runs.csv", "/events.csv", "/links.csv", "/invoices.csv",
        "/attention.csv", "/audit.csv", "/flows.csv", "/connections.csv", "/approvals.csv",
        "/reconciliation.csv", "/reconciliation/{id}/differences.csv",
        "/reconciliation/{id}/print", "/new-flow", "/find",
        "/new-connection/{app}", "/openapi.json",
      ])
  }

  @Test func answersAreAsDescribed() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(200, type: "application/json", text: "{}") }
    defer { api.stop() }
    try fixture.connect(port: api.port)
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"x"}'"#)
    let run = try #require(fixture.dispatch().first)
    let unheard = try fixture.dispatch(["id": "e2", "type": "other", "about": "x"])
    #expect(unheard.isEmpty)
    try Links(home: fixture.home).link(.customer, ["alpha:one": "1", "beta:b": "2"])
    let unreadable = try Self.unreadable(in: fixture)
    let browser = try Browser(fixture)
    let token = try APITokens(home: fixture.home).make(
      "ci", of: "administrator", now: WallClock.system.now())
    browser.headers = ["Authorization": "Bearer \(token)", "Accept": "application/json"]
    let event = run.event.percentEncoded
    let calls: [(method: String, path: String, template: String, body: JSON)] = [
      ("GET", "/", "/", .null), ("GET", "/runs", "/runs", .null),
      ("GET", "/runs/\(run.id)", "/runs/{run}", .null),
      ("POST", "/runs/\(run.id)/replay", "/runs/{run}/replay", .null),
      ("POST", "/runs/\(run.id)/retry", "/runs/{run}/retry", ["from-step": 1]),
      ("GET", "/events", "/events", .null), ("GET", "/events/\(event)", "/events/{event}", .null),
      ("GET", "/links", "/links", .null), ("GET", "/invoices", "/invoices", .null),
      ("GET", "/customers", "/customers", .null), ("GET", "/audit", "/audit", .null),
      ("GET", "/attention", "/attention", .null), ("GET", "/apps/beta", "/apps/{app}", .null),
      ("GET", "/customers/alpha:one%2F1", "/customers/{customer}", .null),
      (
        "POST", "/flow-connections/ab/plan", "/flow-connections/{name}/plan",
        ["body": "{\"id\":\"e9\",\"type\":\"made\"}"]
      ),
      (
        "POST", "/flows", "/flows",
        ["name": "Own", "type": "inbound", "trigger": "alpha/made", "action": ["beta/take"]]
      ), ("POST", "/flows/own/remove", "/flows/{flow}/remove", .null),
      (
        "POST", "/links", "/links",
        ["kind": "invoice", "one": "alpha:one/i1", "other": "beta:b/i2"]
      ),
      ("POST", "/links/remove", "/links/remove", ["kind": "invoice", "id": "beta:b/i2"]),
      ("GET", "/flows", "/flows", .null), ("GET", "/flows/to-beta", "/flows/{flow}", .null),
      ("POST", "/flows/to-beta/connect", "/flows/{flow}/connect", ["name": "ab2"]),
      ("GET", "/flow-connections/ab", "/flow-connections/{name}", .null),
      (
        "POST", "/flow-connections/ab2/enable", "/flow-connections/{name}/enable",
        ["anyway": "yes"]
      ), ("POST", "/flow-connections/ab/disable", "/flow-connections/{name}/disable", .null),
      (
        "POST", "/flow-connections/ab2/disconnect", "/flow-connections/{name}/disconnect", .null
      ), ("GET", "/connections", "/connections", .null), ("GET", "/apps", "/apps", .null),
      ("GET", "/connections/b", "/connections/{name}", .null),
      (
        "POST", "/connections/b/pause", "/connections/{name}/pause", ["reason": "maintenance"]
      ), ("POST", "/connections/b/resume", "/connections/{name}/resume", .null),
      ("POST", "/connections/b/test", "/connections/{name}/test", .null),
      (
        "POST", "/connections/b/change", "/connections/{name}/change",
        ["set:requestsPerMinute": 20]
      ),
      (
        "POST", "/new-connection/gamma", "/new-connection/{app}",
        ["name": "g", "set:key": "k", "no-test": "yes"]
      ), ("POST", "/connections/g/remove", "/connections/{name}/remove", .null),
      (
        "POST", "/flow-connections/ab/policy", "/flow-connections/{name}/policy",
        ["policy": "{\"hold\":\"all\"}"]
      ),
      ("GET", "/schedules", "/schedules", .null),
      ("GET", "/operators", "/operators", .null), ("GET", "/approvals", "/approvals", .null),
      ("POST", "/operators", "/operators", ["name": "ada", "role": "viewer"]),
      ("POST", "/operators/ada/change", "/operators/{name}/change", ["role": "operator"]),
      ("POST", "/operators/ada/tokens", "/operators/{operator}/tokens", ["name": "my ci"]),
      (
        "POST", "/operators/ada/tokens/my%20ci/revoke",
        "/operators/{operator}/tokens/{token}/revoke", .null
      ), ("GET", "/unreadable", "/unreadable", .null),
      ("GET", "/unreadable/\(unreadable.id)", "/unreadable/{event}", .null),
      ("POST", "/unreadable/\(unreadable.id)/remove", "/unreadable/{event}/remove", .null),
      ("POST", "/operators/ada/remove", "/operators/{name}/remove", .null),
    ]
    for call in calls {
      let page = try browser.send(
        call.method, call.path, ["Content-Type": "application/json"],
        body: call.body.isNull ? "" : call.body.text)
      #expect(page.status == 200, "\(call.method) \(call.path): \(page.text)")
      #expect(browser.held.contains("\(call.method) \(call.template)"), "\(call.path)")
    }
    // All operations but those that need a state of their own, which other tests make
    let called = browser.held
    let all = Route.all.filter { $0.operation != nil }
      .map { "\($0.method.rawValue) \($0.template)" }
    #expect(
      Set(all).subtracting(called) == [
        // See DeedAnswerTests
        "POST /runs/{run}/settle", "POST /runs/{run}/cancel", "POST /events/{event}/run",
        "POST /attention", "GET /approvals/{run}", "POST /approvals", "GET /delivery",
        "GET /reconciliation", "GET /reconciliation/{id}", "POST /reconciliation/{id}/differences",
        "POST /reconciliation/{id}/sign-off", "POST /reconciliation/{id}/remove",
        // These read apps: see WebhookEndpointTests, DeliveryPageTests and BrowserTests
        "POST /connections/{name}/webhooks", "POST /connections/{name}/webhooks/install",
        "POST /connections/{name}/webhooks/uninstall", "POST /delivery/catch-up",
        "POST /reconciliation", "POST /invoices/void",
      ])
  }

  /// A webhook that could not be read.
  static func unreadable(in fixture: TestHome) throws -> UnreadableEvents.Entry {
    let events = UnreadableEvents(home: fixture.home)
    let connection = try fixture.registry.connections.get("a")
    #expect(
      try events.keep(
        Array("<b>{".utf8), of: connection, reason: "it is not JSON", at: WallClock.system.now()))
    return try #require(events.entries().first)
  }

  @Test func errorsAreDocuments() throws {
    let browser = try Browser(TestHome(), as: .viewer)
    for (path, status) in [("/runs/none", 404), ("/runs?status=x", 400), ("/nowhere", 404)] {
      let page = try browser.get(path, ["Accept": "application/json"])
      #expect(page.status == status)
      #expect(try page.json()["error"].string?.isEmpty == false)
    }
  }
}
