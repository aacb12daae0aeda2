import Foundation
import HTTPServer
import HTTPTypes
import StepKit
import Store
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// Steps that are called elsewhere.
struct PlaceTests {
  private func step() throws -> StepID { try #require(StepID("beta/take")) }

  /// Carries an event with `beta/take` at a place that answers so.
  private func run(
    _ house: House, secret: (auth: StepEndpointSpec.Auth, value: Secret)? = nil,
    _ answer: @escaping @Sendable (Request) -> Response
  ) throws -> (run: Run, asked: [Request]) {
    let place = try FakeAPI { request, _ in answer(request) }
    defer { place.stop() }
    try StepEndpoints(house.registry).put(
      step(), at: "http://127.0.0.1:\(place.port)/take", secret: secret)
    _ = try house.connect()
    return (try #require(try house.dispatch().first), place.requests)
  }

  private static let stops = Response(
    200, type: "application/json", text: #"{"outcome":"stop","reason":"far away"}"#)

  @Test func callsAStepAtItsPlace() throws {
    let (run, asked) = try run(House()) { _ in Self.stops }
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
  func showsItsSecretToThePlaceAndNobodyElse(auth: StepEndpointSpec.Auth, header: String) throws {
    let house = try House()
    let (_, asked) = try run(house, secret: (auth, Secret("canary:secret"))) { _ in Self.stops }
    #expect(asked.map { $0.headers["Authorization"] } == [header])
    #expect(try StepEndpoints(house.registry).place(of: step())?.auth == auth)
    for record in try house.home.store.records(prefix: "") {
      #expect(!record.value.contains("canary:secret"))
    }
  }

  @Test(arguments: [
    (500, "{}", "answered 500"), (302, "{}", "answered 302"), (200, "no", "invalid reply"),
    (200, "", "invalid reply"), (200, "{}{}", "invalid reply"),
  ])
  func triesAgainWhatGaveNoReply(status: Int, body: String, reason: String) throws {
    let (run, _) = try run(House()) { _ in
      Response(status, type: "application/json", text: body)
    }
    #expect(run.status == .pending)
    #expect(run.reason?.contains("the function beta/take at its URL") == true)
    #expect(run.reason?.contains(reason) == true, "\(run.reason ?? "")")
  }

  @Test func waitsNoLongerThanForAProcess() throws {
    let (run, _) = try run(House(timeout: 0.3)) { _ in
      var late = Self.stops
      late.delay = 30
      return late
    }
    #expect(run.status == .pending)
    #expect(run.reason?.contains("gave no reply") == true)
  }

  @Test func callsItHereAgain() throws {
    let house = try House()
    try StepEndpoints(house.registry).put(
      step(), at: "https://nowhere.example", secret: (.bearer, Secret("canary")))
    try StepEndpoints(house.registry).remove(step())
    #expect(try StepEndpoints(house.registry).place(of: step()) == nil)
    #expect(try house.home.secrets.names(of: "place:beta-take").isEmpty)
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"near"}'"#)
    #expect(try house.dispatch().first?.reason == "near")
  }

  @Test func aFlowConnectionMayHaveAPlaceOfItsOwn() throws {
    let house = try House()
    let general = try FakeAPI { _, _ in Response(500) }
    let special = try FakeAPI { _, _ in Self.stops }
    defer {
      general.stop()
      special.stop()
    }
    let places = StepEndpoints(house.registry)
    try places.put(step(), at: "http://127.0.0.1:\(general.port)/a")
    _ = try house.connect()
    try places.put(
      step(), at: "http://127.0.0.1:\(special.port)/b", in: "ab",
      secret: (.bearer, Secret("canary")))
    #expect(try places.exceptions().map(\.flowConnection) == ["ab"])
    #expect(try house.dispatch().first?.reason == "far away")
    #expect(special.requests.map { $0.headers["Authorization"] } == ["Bearer canary"])
    #expect(general.requests.isEmpty)

    try places.put(step(), at: StepEndpoints.local, in: "ab")
    #expect(try places.place(of: step(), in: "ab") == nil)
    #expect(try places.place(of: step())?.url == "http://127.0.0.1:\(general.port)/a")
    #expect(try house.home.secrets.names(of: "place:beta-take:ab").isEmpty)

    try house.registry.flows.disconnect("ab")
    #expect(try places.exceptions().isEmpty)
    #expect(try places.place(of: step(), in: "ab")?.url == places.place(of: step())?.url)
  }

  /// Neither a place nor its secret stays behind for a flow connection that takes the name.
  @Test func forgetsThePlacesOfStepsThatAreGone() throws {
    let house = try House()
    _ = try house.connect()
    let places = StepEndpoints(house.registry)
    try places.put(
      step(), at: "https://faas.example/take", in: "ab", secret: (.bearer, Secret("canary")))
    #expect(try house.home.secrets.names(of: "place:beta-take:ab").count == 1)
    _ = try house.registry.add(
      connection: "c", app: "gamma", settings: [:], secrets: ["key": Secret("canary")])
    _ = try house.registry.connect(
      flow: "to-gamma", name: "ab", connections: [:], replacing: true)
    #expect(try places.exceptions().isEmpty)
    #expect(try house.home.secrets.names(of: "place:beta-take:ab").isEmpty)
  }

  /// A secret goes with the URL that it was said for.
  @Test func keepsNoSecretOfThePlaceBefore() throws {
    let house = try House()
    let places = StepEndpoints(house.registry)
    try places.put(step(), at: "https://one.example", secret: (.basic, Secret("a:canary")))
    try places.put(step(), at: "https://two.example", secret: (.bearer, Secret("canary")))
    let owner = "place:beta-take"
    let names = try house.home.secrets.names(of: owner)
    #expect(names.map { $0.prefix { $0 != " " } } == ["bearer"])
    try places.put(step(), at: "https://two.example")
    #expect(try house.home.secrets.names(of: owner).isEmpty)
    #expect(try places.place(of: step())?.auth == nil)
  }

  @Test func aStepThatIsThereNoLongerHasNoPlace() throws {
    let gone = try #require(StepID("beta/gone"))
    #expect(try StepEndpoints(House().registry).place(of: gone, in: "ab") == nil)
  }

  /// The registry of a house whose app names a place of `beta/take`.
  private func registry(_ house: House, naming place: JSON) throws -> Registry {
    let file = URL(filePath: "\(house.path)/functions/beta/app.json")
    let facts = try String(contentsOf: file, encoding: .utf8)
    let placed = facts.replacing(#""take":{"#, with: #""take":{"place":\#(place.text),"#)
    try Data(placed.utf8).write(to: file)
    return Registry(home: house.home, catalog: try AppCatalog(functions: "\(house.path)/functions"))
  }

  @Test func anAppMayNameThePlaceOfAStep() throws {
    let places = StepEndpoints(try registry(House(), naming: "https://faas.example/take"))
    #expect(try places.place(of: step(), in: "ab")?.url == "https://faas.example/take")
    #expect(try places.place(of: step())?.auth == nil)
    try places.put(step(), at: StepEndpoints.local)
    #expect(try places.place(of: step()) == nil)
    try places.remove(step())
    #expect(try places.place(of: step())?.url == "https://faas.example/take")
  }

  /// It has a secret of its own, which is said for the home.
  @Test func thePlaceThatAnAppNamesIsToldWhoAsks() throws {
    let house = try House()
    let place = try FakeAPI { _, _ in Self.stops }
    defer { place.stop() }
    let url = "http://127.0.0.1:\(place.port)/take"
    let named = try registry(house, naming: ["url": .string(url), "auth": "bearer"])
    let places = StepEndpoints(named)
    let step = try step()
    let functions = StepRouter(house.functions, registry: named)
    #expect(throws: Problem.self) { try functions.call(step, in: nil, with: 1) }
    try places.useNamed(step, secret: (.bearer, Secret("canary")))
    #expect(try functions.call(step, in: nil, with: 1)["reason"] == "far away")
    #expect(place.requests.map { $0.headers["Authorization"] } == ["Bearer canary"])
    #expect(throws: Problem.self) { try places.useNamed(step, secret: (.basic, Secret("a:b"))) }
    #expect(throws: Problem.self) {
      try StepEndpoints(house.registry).useNamed(step, secret: (.bearer, Secret("canary")))
    }
    try places.remove(step)
    #expect(try house.home.secrets.names(of: "place:beta-take").isEmpty)
  }

  @Test(
    arguments: [
      "http://faas.example/take", "https://faas.example/a b", 17,
      ["url": "https://x.example", "auth": "x"],
    ] as [JSON])
  func refusesAnAppThatNamesAPlaceThatIsNotSafe(place: JSON) {
    let problem = #expect(throws: Problem.self) { try registry(House(), naming: place) }
    #expect(problem?.kind == .configuration)
    #expect(problem?.description.contains("beta/app.json, steps.take") == true)
  }

  @Test(arguments: [
    "http://faas.example/step", "ftp://127.0.0.1/", "https://", "step", "https://me:pw@x.example/",
    "http://127.0.0.1@x.example/", "https://x.example/a b",
  ])
  func refusesAPlaceThatIsNotSafe(url: String) throws {
    let house = try House()
    #expect(throws: Problem.self) {
      try StepEndpoints(house.registry).put(step(), at: url, secret: nil)
    }
    #expect(try StepEndpoints(house.registry).place(of: step()) == nil)
  }
}
