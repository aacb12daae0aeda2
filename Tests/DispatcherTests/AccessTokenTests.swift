import Foundation
import HTTPServer
import HTTPTypes
import StepKit
import Store
import Synchronization
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// Access tokens: had for a code or a refresh token, kept, shared, and renewed.
struct AccessTokenTests {
  private static let secret = "canary-7f3a9c52-client"
  private static let refresh = "canary-7f3a9c52-refresh"
  private static let code = "canary-7f3a9c52-code"

  // MARK: Codes

  @Test func exchangesACodeAtOnceAndKeepsWhatItGets() throws {
    let (house, api) = try (House(), Accounts())
    defer { api.stop() }
    _ = try house.add(api.port, ["code": Self.code])
    #expect(try house.home.secrets.names(of: "d") == ["access token", "refresh", "secret"])
    #expect(try house.home.secrets.get("refresh", of: "d")?.reveal() == Self.refresh + "-1")
    #expect(
      api.asked
        == [
          "POST /token grant_type=authorization_code client_id=c1 client_secret=\(Self.secret)"
            + " code=\(Self.code)"
        ])
    #expect(try house.registry.test("d") == "Delta knows the key of d")
    #expect(api.asked.last == "GET /v1/things org=c1 Delta \(Self.refresh)-1-token-1")
  }

  @Test(arguments: [
    (#"{"error":"invalid_code"}"#, 200, Problem.Kind.refused, "answered 200: invalid_code;"),
    (#"{"error":"invalid_client"}"#, 401, .refused, "answered 401: invalid_client;"),
    (#"{"error":"Access Denied"}"#, 400, .unavailable, "answered 400: Access Denied;"),
    (#"{"access_token":"only-access"}"#, 200, .refused, "gave no refresh token for the code"),
    ("<html>", 503, .unavailable, "answered 503 with a body that is not JSON"),
    (#"{"error":"CODE is used"}"#, 200, .unavailable, "endpoint answered 200;"),
  ])
  func addsNoConnectionWhereTheCodeIsNotTaken(
    answer: String, status: Int, kind: Problem.Kind, words: String
  ) throws {
    let house = try House()
    let text = answer.replacing("CODE", with: Self.code)
    let api = try FakeAPI { _, _ in Response(status, type: "application/json", text: text) }
    defer { api.stop() }
    let problem = #expect(throws: Problem.self) { try house.add(api.port, ["code": Self.code]) }
    #expect(problem?.kind == kind)
    #expect(problem?.description.contains(words) == true, "\(problem?.description ?? "")")
    #expect(problem?.description.contains("canary") == false)
    #expect(try house.registry.connections.all().isEmpty)
    #expect(try house.home.secrets.names(of: "d").isEmpty)
  }

  @Test func saysThatACodeOrARefreshTokenIsNeeded() throws {
    let house = try House()
    let problem = #expect(throws: Problem.self) { try house.add(9, [:]) }
    #expect(
      problem
        == Problem(
          .usage,
          "Delta needs its Code or its Refresh token: --secret code=@FILE or --secret refresh=@FILE"
        ))
  }

  @Test func takesAnotherCodeForAConnectionThatIsThere() throws {
    let (house, api) = try (House(), Accounts())
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": "old"])
    _ = try house.registry.test("d")
    _ = try house.registry.change(connection: "d", settings: [:], secrets: ["code": Secret("c2")])
    #expect(try house.registry.test("d") == "Delta knows the key of d")
    #expect(api.asked.last == "GET /v1/things org=c1 Delta \(Self.refresh)-1-token-1")
    _ = try house.registry.change(connection: "d", settings: ["client": "c2"], secrets: [:])
    #expect(try house.registry.test("d") == "Delta knows the key of d")
  }

  @Test func forgetsTheAccessTokenOfAnOlderRefreshToken() throws {
    let (house, api) = try (House(), Accounts())
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": "one"])
    _ = try house.registry.test("d")
    _ = try house.registry.change(
      connection: "d", settings: [:], secrets: ["refresh": Secret("two")])
    _ = try house.registry.test("d")
    #expect(
      api.asked.filter { $0.hasPrefix("GET") }.map(\.lastWord) == ["one-token-1", "two-token-1"])
  }

  // MARK: Renewal

  @Test func usesATokenUntilAMinuteBeforeItRunsOut() throws {
    let (house, api, time) = try (House(), Accounts(), Time())
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    for second in [0, 3539, 3540, 3541, 7081] {
      time.set(second)
      _ = try house.registry.test("d", clock: time.clock)
    }
    #expect(api.tokens == ["1", "1", "2", "2", "3"])
  }

  @Test(arguments: [(3_600_000, 3539, 3541), (40, 29, 31), (1, 0, 1)])
  func believesNoLifeOfMoreThanAnHour(life: Int, still: Int, over: Int) throws {
    let (house, api, time) = try (House(), Accounts(life: life), Time())
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    for second in [0, still, over] {
      time.set(second)
      _ = try house.registry.test("d", clock: time.clock)
    }
    #expect(api.tokens == ["1", "1", "2"])
  }

  @Test func renewsOnceWhereATokenIsRefused() throws {
    let (house, api) = try (House(), Accounts())
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    api.refuse(1)
    #expect(try house.registry.test("d") == "Delta knows the key of d")
    #expect(api.tokens == ["1", "2"])
    api.refuse(2)
    let problem = #expect(throws: Problem.self) { try house.registry.test("d") }
    #expect(problem?.kind == .refused)
    #expect(api.tokens == ["1", "2", "2", "3"])
  }

  @Test func keepsARefreshTokenThatComesNew() throws {
    let (house, api) = try (House(), Accounts(rotates: true))
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": "one"])
    api.refuse(1)
    _ = try house.registry.test("d")
    #expect(try house.home.secrets.get("refresh", of: "d")?.reveal() == "one++")
    #expect(api.asked.filter { $0.hasPrefix("POST") }.map(\.lastWord).last == "refresh_token=one+")
  }

  @Test func tellsARefusedRefreshTokenFromTrouble() throws {
    let house = try House()
    let bodies = [#"{"error":"invalid_code"}"#, #"{"error":"Access Denied"}"#, "{}"]
    let api = try FakeAPI { _, count in
      Response(200, type: "application/json", text: bodies[min(count - 1, 2)])
    }
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    let problems = bodies.map { _ in #expect(throws: Problem.self) { try house.registry.test("d") }
    }
    #expect(problems.map { $0?.kind } == [.refused, .unavailable, .unavailable])
    #expect(
      problems[0]?.description
        == "Delta answered 401: the token endpoint answered 200: invalid_code; is the key right, and"
        + " may it read?")
  }

  /// Processes share no memory: each has a home of its own here, on the same directory.
  @Test func renewsOnceForAll() throws {
    let (house, api) = try (House(), Accounts())
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    let failures = Mutex<[String]>([])
    let (path, catalog) = (house.home.path, house.registry.catalog)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      do {
        _ = try Registry(home: Home(at: path), catalog: catalog).test("d")
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(api.asked.filter { $0.hasPrefix("POST") }.count == 1)
    #expect(api.tokens == Array(repeating: "1", count: 8))
  }

  // MARK: Servers and refusals

  @Test func goesToTheServerThatTheTokenNames() throws {
    let (house, other) = try (House(), Accounts())
    defer { other.stop() }
    let api = try Accounts(server: "http://127.0.0.1:\(other.port)/eu")
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    _ = try house.registry.test("d")
    #expect(other.asked == ["GET /eu/v1/things org=c1 Delta \(Self.refresh)-token-1"])
    // It is kept with the token.
    _ = try Registry(home: Home(at: house.home.path), catalog: house.registry.catalog).test("d")
    #expect(other.asked.count == 2)
    #expect(api.asked.count == 1)
  }

  @Test(arguments: ["http://delta.evil.example", "file:///etc", "https://x@127.0.0.1", "delta"])
  func sendsNoTokenElsewhere(server: String) throws {
    let (house, api) = try (House(), Accounts(server: server))
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    let problem = #expect(throws: Problem.self) { try house.registry.test("d") }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.contains("named an API server that is not allowed") == true)
    #expect(api.tokens == [])
  }

  @Test(arguments: [
    (#"{"code":0}"#, nil), (#"{"code":5,"message":"no"}"#, Problem.Kind.refused),
    (#"{"code":44}"#, .temporary), ("{}", nil),
  ])
  func readsARefusalThatComesWithAGoodStatus(body: String, kind: Problem.Kind?) throws {
    let (house, api) = try (House(), Accounts(body: body))
    defer { api.stop() }
    _ = try house.add(api.port, ["refresh": Self.refresh])
    do throws(Problem) {
      _ = try house.registry.test("d")
      #expect(kind == nil)
    } catch {
      #expect(error.kind == kind)
    }
  }

  // MARK: What they stand on

  /// A clock that a test sets.
  private final class Time: Sendable {
    private let start = WallClock.system.now()
    private let passed = Atomic(0)

    func set(_ seconds: Int) { passed.store(seconds, ordering: .relaxed) }

    var clock: WallClock {
      WallClock { [self] in start.adding(seconds: passed.load(ordering: .relaxed)) }
    }
  }

  /// A token endpoint, and the API beside it.
  private final class Accounts: Sendable {
    private let refusals = Refusals()
    private let api: FakeAPI

    /// How many of the next calls of the API are answered 401.
    private final class Refusals: Sendable {
      private let left = Mutex(0)

      func set(_ count: Int) { left.withLock { $0 = count } }

      func take() -> Bool {
        left.withLock { left in
          left -= 1
          return left >= 0
        }
      }
    }

    init(
      life: Int = 3600, rotates: Bool = false, server: String? = nil, body: String = #"{"code":0}"#
    ) throws {
      let refusals = refusals
      let given = Given()
      api = try FakeAPI { request, _ in
        guard request.path == ["token"] else {
          return Response(refusals.take() ? 401 : 200, type: "application/json", text: body)
        }
        let form = Dictionary(
          uniqueKeysWithValues: (Form.decode(request.body) ?? []).map { ($0.name, $0.value) })
        let owner = form["refresh_token"] ?? "\(AccessTokenTests.refresh)-1"
        let number = given.next(owner)
        let answer = JSON.members([
          "access_token": .string("\(owner)-token-\(number)"), "expires_in": .int(life),
          "api": .text(server),
          "refresh_token": form["code"] == nil
            ? (rotates ? .string("\(owner)+") : nil) : .string(owner),
        ])
        return Response(200, type: "application/json", text: answer.text)
      }
    }

    /// The next calls of the API are answered 401.
    func refuse(_ count: Int) { refusals.set(count) }

    /// How many tokens were given to whom.
    private final class Given: Sendable {
      private let counts = Mutex<[String: Int]>([:])

      func next(_ owner: String) -> Int {
        counts.withLock { counts in
          counts[owner, default: 0] += 1
          return counts[owner] ?? 0
        }
      }
    }

    var port: Int { api.port }

    func stop() { api.stop() }

    /// What was asked, with what it came with.
    var asked: [String] {
      api.requests.map { request in
        let fields = (request.method == "POST" ? Form.decode(request.body) : request.query) ?? []
        let words =
          fields.map { "\($0.name)=\($0.value)" }
          + [request.headers["Authorization"]]
          .compactMap(\.self)
        return (["\(request.method) /\(request.path.joined(separator: "/"))"] + words)
          .joined(separator: " ")
      }
    }

    /// The numbers of the tokens that came with calls of the API.
    var tokens: [String] {
      asked.filter { $0.hasPrefix("GET") }.map { String($0.split(separator: "-").last ?? "") }
    }
  }
}

extension String {
  /// The last word.
  fileprivate var lastWord: String { split(separator: " ").last.map(String.init) ?? "" }
}

extension House {
  /// Adds a connection to delta, played at a port.
  @discardableResult
  fileprivate func add(_ port: Int, _ secrets: [String: String]) throws(Problem) -> Connection {
    var all = secrets.mapValues { Secret($0) }
    all["secret"] = Secret("canary-7f3a9c52-client")
    return try registry.add(
      connection: "d", app: "delta",
      settings: ["client": "c1", "baseUrl": "http://127.0.0.1:\(port)"], secrets: all)
  }
}
