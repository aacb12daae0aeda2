import Dispatcher
import Foundation
import HTTP
import Step
import Store
import Testing

/// Steps that are called elsewhere.
struct PlaceTests {
  private func step() throws -> StepID { try #require(StepID("beta/take")) }

  /// Carries an event with `beta/take` at a place that answers so.
  private func run(
    _ house: House, secret: (auth: Places.Auth, value: Secret)? = nil,
    _ answer: @escaping @Sendable (Request) -> Response
  ) throws -> (run: Run, asked: [Request]) {
    let place = try FakeAPI { request, _ in answer(request) }
    defer { place.stop() }
    try Places(home: house.home).put(
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
    (Places.Auth.bearer, "Bearer canary:secret"), (.basic, "Basic Y2FuYXJ5OnNlY3JldA=="),
  ])
  func showsItsSecretToThePlaceAndNobodyElse(auth: Places.Auth, header: String) throws {
    let house = try House()
    let (_, asked) = try run(house, secret: (auth, Secret("canary:secret"))) { _ in Self.stops }
    #expect(asked.map { $0.headers["Authorization"] } == [header])
    #expect(try Places(home: house.home).place(of: step())?.auth == auth)
    for record in try house.home.store.records(prefix: "") {
      #expect(!record.value.contains("canary:secret"))
    }
  }

  @Test(arguments: [
    (500, "{}", "answered 500"), (302, "{}", "answered 302"), (200, "no", "is no reply"),
    (200, "", "is no reply"), (200, "{}{}", "is no reply"),
  ])
  func triesAgainWhatGaveNoReply(status: Int, body: String, reason: String) throws {
    let (run, _) = try run(House()) { _ in
      Response(status, type: "application/json", text: body)
    }
    #expect(run.status == .pending)
    #expect(run.reason?.contains("the function beta/take at its place") == true)
    #expect(run.reason?.contains(reason) == true, "\(run.reason ?? "")")
  }

  @Test func waitsNoLongerThanForAProcess() throws {
    let (run, _) = try run(House(deadline: 0.3)) { _ in
      var late = Self.stops
      late.delay = 30
      return late
    }
    #expect(run.status == .pending)
    #expect(run.reason?.contains("gave no reply") == true)
  }

  @Test func callsItHereAgain() throws {
    let house = try House()
    try Places(home: house.home).put(
      step(), at: "https://nowhere.example", secret: (.bearer, Secret("canary")))
    try Places(home: house.home).remove(step())
    #expect(try Places(home: house.home).place(of: step()) == nil)
    #expect(try house.home.secrets.names(of: "place:beta-take").isEmpty)
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"near"}'"#)
    #expect(try house.dispatch().first?.reason == "near")
  }

  @Test(arguments: [
    "http://faas.example/step", "ftp://127.0.0.1/", "https://", "step", "https://me:pw@x.example/",
    "http://127.0.0.1@x.example/",
  ])
  func refusesAPlaceThatIsNotSafe(url: String) throws {
    let house = try House()
    #expect(throws: Problem.self) { try Places(home: house.home).put(step(), at: url, secret: nil) }
    #expect(try Places(home: house.home).place(of: step()) == nil)
  }
}
