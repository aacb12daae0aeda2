import Foundation
import HTTPServer
import HTTPTypes
import Setup
import StepKit
import Synchronization
import TestSupport
import Values

/// A token endpoint and the API that requires its tokens.
final class FakeTokenAPI: Sendable {
  private let refusals = Refusals()
  private let api: FakeAPI

  /// The number of further API calls that are answered 401.
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

  /// Answers the next calls of the API with 401.
  func refuse(_ count: Int) { refusals.set(count) }

  /// The number of tokens by refresh token.
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

  /// The requests with their fields and credentials, each as one line.
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

  /// The numbers of the tokens in calls of the API.
  var tokens: [String] {
    asked.filter { $0.hasPrefix("GET") }.map { String($0.split(separator: "-").last ?? "") }
  }
}

/// A clock that a test sets.
final class TestClock: Sendable {
  private let start = WallClock.system.now()
  private let passed = Atomic(0)

  func set(_ seconds: Int) { passed.store(seconds, ordering: .relaxed) }

  var clock: WallClock {
    WallClock { [self] in start.adding(seconds: passed.load(ordering: .relaxed)) }
  }
}
