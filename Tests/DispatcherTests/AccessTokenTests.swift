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
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// OAuth 2.0 access tokens: exchange, storage, sharing between processes, and renewal.
struct AccessTokenTests {
  static let secret = "canary-7f3a9c52-client"
  static let refresh = "canary-7f3a9c52-refresh"
  static let code = "canary-7f3a9c52-code"

  // MARK: Codes

  @Test func codeIsExchangedWhenAConnectionIsAdded() throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["code": Self.code])
    #expect(try fixture.home.secrets.names(of: "d") == ["access token", "refresh", "secret"])
    #expect(try fixture.home.secrets.get("refresh", of: "d")?.reveal() == Self.refresh + "-1")
    #expect(
      api.asked
        == [
          "POST /token grant_type=authorization_code client_id=c1 client_secret=\(Self.secret)"
            + " code=\(Self.code)"
        ])
    #expect(try fixture.registry.test("d") == "Delta accepts the key of d")
    #expect(api.asked.last == "GET /v1/things org=c1 Delta \(Self.refresh)-1-token-1")
  }

  @Test(arguments: [
    (#"{"error":"invalid_code"}"#, 200, Problem.Kind.refused, "answered 200: invalid_code;"),
    (#"{"error":"invalid_client"}"#, 401, .refused, "answered 401: invalid_client;"),
    (#"{"error":"Access Denied"}"#, 400, .unavailable, "answered 400: Access Denied;"),
    (#"{"access_token":"only-access"}"#, 200, .refused, "returned no refresh token for the code"),
    ("<html>", 503, .unavailable, "answered 503 with a body that is not JSON"),
    (#"{"error":"CODE is used"}"#, 200, .unavailable, "endpoint answered 200;"),
  ])
  func connectionIsNotAddedIfItsCodeIsRefused(
    answer: String, status: Int, kind: Problem.Kind, words: String
  ) throws {
    let fixture = try TestHome()
    let text = answer.replacing("CODE", with: Self.code)
    let api = try FakeAPI { _, _ in Response(status, type: "application/json", text: text) }
    defer { api.stop() }
    let problem = #expect(throws: Problem.self) { try fixture.add(api.port, ["code": Self.code]) }
    #expect(problem?.kind == kind)
    #expect(problem?.description.contains(words) == true, "\(problem?.description ?? "")")
    #expect(problem?.description.contains("canary") == false)
    #expect(try fixture.registry.connections.all().isEmpty)
    #expect(try fixture.home.secrets.names(of: "d").isEmpty)
  }

  @Test func connectionRequiresACodeOrARefreshToken() throws {
    let fixture = try TestHome()
    let problem = #expect(throws: Problem.self) { try fixture.add(9, [:]) }
    #expect(
      problem
        == Problem(
          .usage,
          "Delta requires Code or Refresh token: pass --secret code=@FILE or --secret refresh=@FILE"
        ))
  }

  @Test func newCodeReplacesTheRefreshToken() throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": "old"])
    _ = try fixture.registry.test("d")
    _ = try fixture.registry.change(connection: "d", settings: [:], secrets: ["code": Secret("c2")])
    #expect(try fixture.registry.test("d") == "Delta accepts the key of d")
    #expect(api.asked.last == "GET /v1/things org=c1 Delta \(Self.refresh)-1-token-1")
    _ = try fixture.registry.change(connection: "d", settings: ["client": "c2"], secrets: [:])
    #expect(try fixture.registry.test("d") == "Delta accepts the key of d")
  }

  @Test func newRefreshTokenInvalidatesTheAccessToken() throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": "one"])
    _ = try fixture.registry.test("d")
    _ = try fixture.registry.change(
      connection: "d", settings: [:], secrets: ["refresh": Secret("two")])
    _ = try fixture.registry.test("d")
    #expect(
      api.asked.filter { $0.hasPrefix("GET") }.map(\.lastWord) == ["one-token-1", "two-token-1"])
  }

  // MARK: Renewal

  @Test func tokenIsUsedUntilAMinuteBeforeItExpires() throws {
    let (fixture, api, time) = try (TestHome(), FakeTokenAPI(), TestClock())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    for second in [0, 3539, 3540, 3541, 7081] {
      time.set(second)
      _ = try fixture.registry.test("d", clock: time.clock)
    }
    #expect(api.tokens == ["1", "1", "2", "2", "3"])
  }

  @Test(arguments: [(3_600_000, 3539, 3541), (40, 29, 31), (1, 0, 1)])
  func tokenIsUsedForAnHourAtMost(life: Int, still: Int, over: Int) throws {
    let (fixture, api, time) = try (TestHome(), FakeTokenAPI(life: life), TestClock())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    for second in [0, still, over] {
      time.set(second)
      _ = try fixture.registry.test("d", clock: time.clock)
    }
    #expect(api.tokens == ["1", "1", "2"])
  }

  @Test func refusedTokenIsRenewedOnce() throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    api.refuse(1)
    #expect(try fixture.registry.test("d") == "Delta accepts the key of d")
    #expect(api.tokens == ["1", "2"])
    api.refuse(2)
    let problem = #expect(throws: Problem.self) { try fixture.registry.test("d") }
    #expect(problem?.kind == .refused)
    #expect(api.tokens == ["1", "2", "2", "3"])
  }

  @Test func rotatedRefreshTokenIsKept() throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI(rotates: true))
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": "one"])
    api.refuse(1)
    _ = try fixture.registry.test("d")
    #expect(try fixture.home.secrets.get("refresh", of: "d")?.reveal() == "one++")
    #expect(api.asked.filter { $0.hasPrefix("POST") }.map(\.lastWord).last == "refresh_token=one+")
  }

  @Test func refusedRefreshTokenDiffersFromATemporaryError() throws {
    let fixture = try TestHome()
    let bodies = [#"{"error":"invalid_code"}"#, #"{"error":"Access Denied"}"#, "{}"]
    let api = try FakeAPI { _, count in
      Response(200, type: "application/json", text: bodies[min(count - 1, 2)])
    }
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    let problems = bodies.map { _ in
      #expect(throws: Problem.self) { try fixture.registry.test("d") }
    }
    #expect(problems.map { $0?.kind } == [.refused, .unavailable, .unavailable])
    #expect(
      problems[0]?.description
        == "Delta answered 401: the token endpoint answered 200: invalid_code; is the key right, and"
        + " may it read?")
  }

  /// Each iteration opens the home on its own, as processes do, which share no memory.
  @Test func tokenIsRenewedOnceForAllProcesses() throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI())
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    let failures = Mutex<[String]>([])
    let (path, catalog) = (fixture.home.path, fixture.registry.catalog)
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

  @Test func requestsGoToTheServerThatTheTokenNames() throws {
    let (fixture, other) = try (TestHome(), FakeTokenAPI())
    defer { other.stop() }
    let api = try FakeTokenAPI(server: "http://127.0.0.1:\(other.port)/eu")
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    _ = try fixture.registry.test("d")
    #expect(other.asked == ["GET /eu/v1/things org=c1 Delta \(Self.refresh)-token-1"])
    // The server is stored with the token.
    _ = try Registry(home: Home(at: fixture.home.path), catalog: fixture.registry.catalog).test("d")
    #expect(other.asked.count == 2)
    #expect(api.asked.count == 1)
  }

  @Test(arguments: ["http://delta.evil.example", "file:///etc", "https://x@127.0.0.1", "delta"])
  func tokenIsNotSentToAnotherServer(server: String) throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI(server: server))
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    let problem = #expect(throws: Problem.self) { try fixture.registry.test("d") }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.contains("named an API server that is not allowed") == true)
    #expect(api.tokens == [])
  }

  @Test(arguments: [
    (#"{"code":0}"#, nil), (#"{"code":5,"message":"no"}"#, Problem.Kind.refused),
    (#"{"code":44}"#, .temporary), ("{}", nil),
  ])
  func refusalInABodyOverridesASuccessStatus(body: String, kind: Problem.Kind?) throws {
    let (fixture, api) = try (TestHome(), FakeTokenAPI(body: body))
    defer { api.stop() }
    _ = try fixture.add(api.port, ["refresh": Self.refresh])
    do throws(Problem) {
      _ = try fixture.registry.test("d")
      #expect(kind == nil)
    } catch {
      #expect(error.kind == kind)
    }
  }
}

extension String {
  /// The last word.
  fileprivate var lastWord: String { split(separator: " ").last.map(String.init) ?? "" }
}

extension TestHome {
  /// Adds a connection to delta, whose API is at a port of this machine.
  @discardableResult
  fileprivate func add(_ port: Int, _ secrets: [String: String]) throws(Problem) -> Connection {
    var all = secrets.mapValues { Secret($0) }
    all["secret"] = Secret("canary-7f3a9c52-client")
    return try registry.add(
      connection: "d", app: "delta",
      settings: ["client": "c1", "baseUrl": "http://127.0.0.1:\(port)"], secrets: all)
  }
}
