import Catalog
import Foundation
import HTTPServer
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

  @Test func waitDoublesUpToAnHour() {
    let waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]
    for (index, seconds) in waits.enumerated() {
      #expect(wait(index + 1, chance: 0) == Double(seconds) / 2)
      #expect(wait(index + 1, chance: 0.5) == Double(seconds) * 0.75)
    }
    #expect(wait(1_000_000, chance: 0) == 1800)
  }

  @Test func waitIsAtLeastTheRequestedOne() {
    #expect(wait(1, after: 60, chance: 0) == 60)
    #expect(wait(12, after: 60, chance: 0) == 480)
    #expect(wait(12, after: 0, chance: 0) == 8)
  }

  @Test func backoffEndsAfterThreeDays() {
    let backoff = Backoff(chance: { 0 })
    func next(after seconds: Int) -> Timestamp? {
      backoff.next(attempts: 20, after: nil, now: start.adding(seconds: seconds), since: start)
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
    #expect((80...200).contains(api.requests.count), "\(api.requests.count)")
  }
}
