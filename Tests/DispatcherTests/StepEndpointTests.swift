import Catalog
import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Service
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// Steps that are called over HTTP.
struct StepEndpointTests {
  private func step() throws -> StepID { try #require(StepID("beta/take")) }

  /// Dispatches an event while `beta/take` is at an endpoint that gives this response.
  private func run(
    _ fixture: TestHome, secret: (auth: StepEndpointSpec.Auth, value: Secret)? = nil,
    _ answer: @escaping @Sendable (Request) -> Response
  ) throws -> (run: Run, asked: [Request]) {
    let place = try FakeAPI { request, _ in answer(request) }
    defer { place.stop() }
    try StepEndpoints(fixture.registry).put(
      step(), at: "http://127.0.0.1:\(place.port)/take", secret: secret)
    _ = try fixture.connect()
    return (try #require(try fixture.dispatch().first), place.requests)
  }

  private static let stops = Response(
    200, type: "application/json", text: #"{"outcome":"stop","reason":"far away"}"#)

  @Test func stepIsCalledAtItsEndpoint() throws {
    let (run, asked) = try run(TestHome()) { _ in Self.stops }
    #expect(run.reason == "far away")
    let request = try #require(asked.first)
    #expect(request.method == "POST")
    #expect(request.path == ["take"])
    #expect(request.headers["Content-Type"] == "application/json")
    #expect(request.headers["Authorization"] == nil)
    #expect(try JSON(parsing: request.body)["input"] == ["ids": ["alpha": "1"]])
  }

  @Test(arguments: [
    (StepEndpointSpec.Auth.bearer, "Bearer canary:secret"), (.basic, "Basic Y2FuYXJ5OnNlY3JldA=="),
  ])
  func secretIsSentToTheEndpointOnly(auth: StepEndpointSpec.Auth, header: String) throws {
    let fixture = try TestHome()
    let (_, asked) = try run(fixture, secret: (auth, Secret("canary:secret"))) { _ in Self.stops }
    #expect(asked.map { $0.headers["Authorization"] } == [header])
    #expect(try StepEndpoints(fixture.registry).place(of: step())?.auth == auth)
    for record in try fixture.home.store.records(prefix: "") {
      #expect(!record.value.contains("canary:secret"))
    }
  }

  @Test(arguments: [
    (500, "{}", "answered 500"), (302, "{}", "answered 302"), (200, "no", "invalid reply"),
    (200, "", "invalid reply"), (200, "{}{}", "invalid reply"),
  ])
  func callWithoutAReplyIsRepeated(status: Int, body: String, reason: String) throws {
    let (run, _) = try run(TestHome()) { _ in
      Response(status, type: "application/json", text: body)
    }
    #expect(run.status == .pending)
    #expect(run.reason?.contains("the function beta/take at its URL") == true)
    #expect(run.reason?.contains(reason) == true, "\(run.reason ?? "")")
  }

  @Test func endpointHasTheTimeoutOfAProcess() throws {
    let (run, _) = try run(TestHome(timeout: 0.3)) { _ in
      var late = Self.stops
      late.delay = 30
      return late
    }
    #expect(run.status == .pending)
    #expect(run.reason?.contains("gave no reply") == true)
  }

  @Test func stepWithoutItsEndpointIsCalledLocally() throws {
    let fixture = try TestHome()
    try StepEndpoints(fixture.registry).put(
      step(), at: "https://nowhere.example", secret: (.bearer, Secret("canary")))
    try StepEndpoints(fixture.registry).remove(step())
    #expect(try StepEndpoints(fixture.registry).place(of: step()) == nil)
    #expect(try fixture.home.secrets.names(of: "place:beta-take").isEmpty)
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"near"}'"#)
    #expect(try fixture.dispatch().first?.reason == "near")
  }

  @Test func flowConnectionMayHaveItsOwnEndpoint() throws {
    let fixture = try TestHome()
    let general = try FakeAPI { _, _ in Response(500) }
    let special = try FakeAPI { _, _ in Self.stops }
    defer {
      general.stop()
      special.stop()
    }
    let endpoints = StepEndpoints(fixture.registry)
    try endpoints.put(step(), at: "http://127.0.0.1:\(general.port)/a")
    _ = try fixture.connect()
    try endpoints.put(
      step(), at: "http://127.0.0.1:\(special.port)/b", in: "ab",
      secret: (.bearer, Secret("canary")))
    #expect(try endpoints.exceptions().map(\.flowConnection) == ["ab"])
    #expect(try fixture.dispatch().first?.reason == "far away")
    #expect(special.requests.map { $0.headers["Authorization"] } == ["Bearer canary"])
    #expect(general.requests.isEmpty)

    try endpoints.put(step(), at: StepEndpoints.local, in: "ab")
    #expect(try endpoints.place(of: step(), in: "ab") == nil)
    #expect(try endpoints.place(of: step())?.url == "http://127.0.0.1:\(general.port)/a")
    #expect(try fixture.home.secrets.names(of: "place:beta-take:ab").isEmpty)

    try fixture.registry.flows.disconnect("ab")
    #expect(try endpoints.exceptions().isEmpty)
    #expect(try endpoints.place(of: step(), in: "ab")?.url == endpoints.place(of: step())?.url)
  }

  /// Neither the endpoint nor its secret applies to a new flow connection of the same name.
  @Test func endpointIsRemovedWithItsStep() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let endpoints = StepEndpoints(fixture.registry)
    try endpoints.put(
      step(), at: "https://faas.example/take", in: "ab", secret: (.bearer, Secret("canary")))
    #expect(try fixture.home.secrets.names(of: "place:beta-take:ab").count == 1)
    _ = try fixture.registry.add(
      connection: "c", app: "gamma", settings: [:], secrets: ["key": Secret("canary")])
    _ = try fixture.registry.connect(
      flow: "to-gamma", name: "ab", connections: [:], replacing: true)
    #expect(try endpoints.exceptions().isEmpty)
    #expect(try fixture.home.secrets.names(of: "place:beta-take:ab").isEmpty)
  }

  /// A secret is for the URL with which it was given.
  @Test func secretIsRemovedWithItsEndpoint() throws {
    let fixture = try TestHome()
    let endpoints = StepEndpoints(fixture.registry)
    try endpoints.put(step(), at: "https://one.example", secret: (.basic, Secret("a:canary")))
    try endpoints.put(step(), at: "https://two.example", secret: (.bearer, Secret("canary")))
    let owner = "place:beta-take"
    let names = try fixture.home.secrets.names(of: owner)
    #expect(names.map { $0.prefix { $0 != " " } } == ["bearer"])
    try endpoints.put(step(), at: "https://two.example")
    #expect(try fixture.home.secrets.names(of: owner).isEmpty)
    #expect(try endpoints.place(of: step())?.auth == nil)
  }

  @Test func unknownStepHasNoEndpoint() throws {
    let gone = try #require(StepID("beta/gone"))
    #expect(try StepEndpoints(TestHome().registry).place(of: gone, in: "ab") == nil)
  }

  /// The registry with an app file that names an endpoint of `beta/take`.
  private func registry(_ fixture: TestHome, naming place: JSON) throws -> Registry {
    let file = URL(filePath: "\(fixture.path)/functions/beta/app.json")
    let facts = try String(contentsOf: file, encoding: .utf8)
    let placed = facts.replacing(#""take":{"#, with: #""take":{"place":\#(place.text),"#)
    try Data(placed.utf8).write(to: file)
    return Registry(
      home: fixture.home, catalog: try AppCatalog(functions: "\(fixture.path)/functions"))
  }

  @Test func appMayNameTheEndpointOfAStep() throws {
    let endpoints = StepEndpoints(try registry(TestHome(), naming: "https://faas.example/take"))
    #expect(try endpoints.place(of: step(), in: "ab")?.url == "https://faas.example/take")
    #expect(try endpoints.place(of: step())?.auth == nil)
    try endpoints.put(step(), at: StepEndpoints.local)
    #expect(try endpoints.place(of: step()) == nil)
    try endpoints.remove(step())
    #expect(try endpoints.place(of: step())?.url == "https://faas.example/take")
  }

  /// The app file names the URL, the home has the secret.
  @Test func endpointOfAnAppGetsASecretOfTheHome() throws {
    let fixture = try TestHome()
    let place = try FakeAPI { _, _ in Self.stops }
    defer { place.stop() }
    let url = "http://127.0.0.1:\(place.port)/take"
    let named = try registry(fixture, naming: ["url": .string(url), "auth": "bearer"])
    let endpoints = StepEndpoints(named)
    let step = try step()
    let functions = StepRouter(fixture.functions, registry: named)
    #expect(throws: Problem.self) { try functions.call(step, in: nil, with: 1) }
    try endpoints.useNamed(step, secret: (.bearer, Secret("canary")))
    #expect(try functions.call(step, in: nil, with: 1)["reason"] == "far away")
    #expect(place.requests.map { $0.headers["Authorization"] } == ["Bearer canary"])
    #expect(throws: Problem.self) { try endpoints.useNamed(step, secret: (.basic, Secret("a:b"))) }
    #expect(throws: Problem.self) {
      try StepEndpoints(fixture.registry).useNamed(step, secret: (.bearer, Secret("canary")))
    }
    try endpoints.remove(step)
    #expect(try fixture.home.secrets.names(of: "place:beta-take").isEmpty)
  }

  @Test(
    arguments: [
      "http://faas.example/take", "https://faas.example/a b", 17,
      ["url": "https://x.example", "auth": "x"],
    ] as [JSON])
  func appWithAnUnsafeEndpointIsRefused(place: JSON) {
    let problem = #expect(throws: Problem.self) { try registry(TestHome(), naming: place) }
    #expect(problem?.kind == .configuration)
    #expect(problem?.description.contains("beta/app.json, steps.take") == true)
  }

  @Test(arguments: [
    "http://faas.example/step", "ftp://127.0.0.1/", "https://", "step", "https://me:pw@x.example/",
    "http://127.0.0.1@x.example/", "https://x.example/a b",
  ])
  func unsafeEndpointIsRefused(url: String) throws {
    let fixture = try TestHome()
    #expect(throws: Problem.self) {
      try StepEndpoints(fixture.registry).put(step(), at: url, secret: nil)
    }
    #expect(try StepEndpoints(fixture.registry).place(of: step()) == nil)
  }
}

extension StepEndpointTests {
  @Test func secretUnderNameOfOlderBuildIsFound() throws {
    let fixture = try TestHome()
    let endpoints = StepEndpoints(fixture.registry)
    try endpoints.put(step(), at: "https://one.example", secret: (.bearer, Secret("canary")))
    let owner = "place:beta-take"
    for name in try fixture.home.secrets.names(of: owner) {
      try fixture.home.secrets.remove(name, of: owner)
    }
    let name = "bearer \(Fingerprint(of: "https://one.example".utf8).text)"
    try fixture.home.secrets.put(Secret("older"), name, of: owner)
    let place = try #require(try endpoints.place(of: step()))
    #expect(try endpoints.authorization(of: step(), at: place) == "Bearer older")
    try endpoints.put(step(), at: "https://one.example", secret: (.bearer, Secret("canary")))
    #expect(try fixture.home.secrets.names(of: owner).count == 1)
    #expect(try endpoints.authorization(of: step(), at: place) == "Bearer canary")
  }
}
