import Catalog
import Foundation
import HTTPServer
import Lanes
import Operations
import Records
import Service
import Setup
import StepKit
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

struct BackoffTests {
  private let start = Timestamp(seconds: 1_800_000_000)

  /// Seconds until the next try.
  private func wait(_ attempts: Int, after: Int? = nil, chance: Double) -> Double? {
    Backoff(chance: { chance }).next(attempts: attempts, after: after, now: start, since: start)
      .map { Double($0.milliseconds - start.milliseconds) / 1000 }
  }

  @Test func waitGrowsByHalfUpToAnHour() {
    let waits = [1, 1.5, 2.25, 3.375, 5.062, 7.593, 11.39, 17.085, 25.628]
    for (index, seconds) in waits.enumerated() {
      #expect(abs((wait(index + 1, chance: 0) ?? 0) - seconds / 2) < 0.01)
      #expect(abs((wait(index + 1, chance: 0.5) ?? 0) - seconds * 0.75) < 0.01)
    }
    for attempts in [22, 1000, 1_000_000, Int.max] { #expect(wait(attempts, chance: 0) == 1800) }
    #expect(wait(.min, chance: 0) == 0.5)
  }

  /// An app that fails half of the requests: nine failures in a row are met within a minute and a half.
  @Test func shortTroublesAreTriedWithinSeconds() {
    let waits = (1...9).compactMap { wait($0, chance: 0.999) }
    #expect(waits.count == 9)
    #expect(waits.reduce(0, +) < 90)
    let backoff = Backoff(chance: { 0.999 })
    for attempts in [9, 20, 500] {
      let next = backoff.next(
        attempts: attempts, after: nil, now: start, since: start, isFlaky: true)
      #expect((next?.milliseconds ?? .max) - start.milliseconds <= 10_000)
    }
  }

  /// Numbers that a step, an app or a person may give.
  @Test(arguments: [Int.max, .min, 9_000_000_000_000_000, -1, 0, 86_400 * 365])
  func absurdWaitIsBounded(_ number: Int) throws {
    let next = wait(1, after: number, chance: 0.5)
    #expect(next.map { (0...30 * 86_400).contains($0) } ?? true)
    let reply = try Reply<JSON>(
      json: ["outcome": "retry", "reason": "r", "after": .number(Numeral(number))])
    guard case .retry(_, let after?, _) = reply else {
      Issue.record("no wait in \(reply)")
      return
    }
    #expect((0...30 * 86_400).contains(after))
    let patient = Backoff(longest: Double(number), patience: number)
    let last = patient.next(attempts: 100, after: nil, now: start, since: start)
    #expect(last.map { $0 >= start } ?? true)
    let limit = RateLimit(requests: number, seconds: number)
    #expect((1...1_000_000).contains(limit.requests) && (1...86_400).contains(limit.seconds))
  }

  @Test func waitIsAtLeastTheRequestedOne() {
    #expect(wait(1, after: 60, chance: 0) == 60)
    #expect(wait(22, after: 60, chance: 0) == 480)
    #expect(wait(22, after: 0, chance: 0) == 8)
  }

  @Test func backoffEndsAfterThreeDays() {
    let backoff = Backoff(chance: { 0 })
    func next(after seconds: Int) -> Timestamp? {
      backoff.next(attempts: 30, after: nil, now: start.adding(seconds: seconds), since: start)
    }
    #expect(next(after: 3 * 86_400 - 1800) == start.adding(seconds: 3 * 86_400))
    #expect(next(after: 3 * 86_400 - 1799) == nil)
  }

  /// The API stays unavailable.
  @Test func runFailsAfterThreeDaysOfRetries() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in Response(503, type: "application/json", text: "{}") }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"look":{"status":503'*) echo '{"outcome":"retry","reason":"Beta answered 503"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/x"}}]}';;
      esac
      """#)
    var run = try #require(try fixture.dispatch().first)
    let time = Mutex(run.due)
    let executor = RunExecutor(
      registry: fixture.registry, caller: fixture.functions, backoff: Backoff(),
      clock: WallClock { time.withLock { $0 } })
    while run.status == .pending, api.requests.count < 500 {
      time.withLock { $0 = run.due }
      run = try executor.advance(run)
    }
    #expect(run.status == .failed)
    #expect(run.reason?.hasPrefix("Beta answered 503; tried ") == true, "\(run.reason ?? "")")
    let seconds = time.withLock { $0 }.milliseconds / 1000 - run.at.milliseconds / 1000
    #expect((3 * 86_400 - 3600...3 * 86_400).contains(seconds))
    #expect((85...220).contains(api.requests.count), "\(api.requests.count)")
  }
}
