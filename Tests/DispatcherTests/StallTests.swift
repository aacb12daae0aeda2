import Catalog
import Foundation
import HTTPClient
import Lanes
import Operations
import Records
import Requests
import Setup
import StepKit
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// Servers, programs and rate limits that make runs wait: they hold up nobody else.
///
/// The trigger of alpha is done, and the actions of beta and gamma make one request.
struct StallTests {
  private let fixture: TestHome
  private let calls = RequestingSteps()

  /// Connections `b` and `good` to beta and `g` to gamma, with the flow connections `ab`, `to-good` and
  /// `to-gamma`.
  init() throws {
    fixture = try TestHome()
    try fixture.connect(port: 9)
    _ = try fixture.registry.add(
      connection: "good", app: "beta", settings: ["baseUrl": "http://127.0.0.1:10"],
      secrets: ["key": Secret(TestHome.key)])
    let step = try #require(StepID("beta/take"))
    _ = try fixture.registry.connect(flow: "to-beta", name: "to-good", connections: [step: "good"])
    _ = try fixture.registry.flows.enable("to-good", true)
    _ = try fixture.registry.add(
      connection: "g", app: "gamma", settings: ["baseUrl": "http://127.0.0.1:11"],
      secrets: ["key": Secret(TestHome.key)])
    _ = try fixture.registry.connect(flow: "to-gamma", name: "to-gamma", connections: [:])
    _ = try fixture.registry.flows.enable("to-gamma", true)
  }

  // MARK: Servers and programs

  @Test func hangingServerHoldsUpNoOtherConnection() throws {
    let transport = HangingTransport(at: ":9/")
    try withScheduler(transport) { scheduler in
      scheduler.add(try runs(of: "ab", 200))
      try waitUntil { transport.hanging == 16 }
      let others = try runs(of: "to-good", 20, from: 1000)
      scheduler.add(others)
      try waitUntil { try others.allSatisfy { try status($0) == .success } }
      #expect(transport.hanging == 16, "no more than its share waits for an answer")
      transport.open()
      #expect(scheduler.waitUntilIdle(within: 60))
    }
  }

  @Test func hungStepHoldsUpNoOtherStep() throws {
    calls.hang(at: "beta/take")
    try withScheduler(HangingTransport(at: "nothing")) { scheduler in
      scheduler.add(try runs(of: "ab", 100))
      try waitUntil { calls.hanging > 0 }
      let others = try runs(of: "to-gamma", 20, from: 1000)
      scheduler.add(others)
      try waitUntil { try others.allSatisfy { try status($0) == .success } }
      #expect(calls.hanging > 0)
      calls.open()
      #expect(scheduler.waitUntilIdle(within: 60))
    }
  }

  /// An API that answers nothing: after five time-outs one request at a time tries it, and everybody can
  /// see that.
  @Test func hangingConnectionIsLeftAloneButForProbes() throws {
    let time = Mutex(Timestamp(seconds: 1_800_000_000))
    let transport = SlowTransport(time: time.withLock { $0 })
    let scheduler = stepping(transport, clock: transport.clock)
    let runs = try runs(of: "ab", 30)
    scheduler.add(runs)
    drain(scheduler)
    #expect(transport.requests <= 16)
    let circuits = Circuits(home: fixture.home)
    #expect(try circuits.all().map(\.resource) == ["connection b"])
    let waiting = try runs.count { try RunStore(home: fixture.home).run($0.id).attempts == 0 }
    #expect(waiting >= 14, "they wait without a try of their own")
    for _ in 1...5 {
      let before = transport.requests
      transport.advance(to: try #require(scheduler.nextDue))
      drain(scheduler)
      #expect(transport.requests <= before + 1)
    }
    transport.answers()
    for _ in 1...1000 where scheduler.count > 0 {
      transport.advance(to: try #require(scheduler.nextDue))
      drain(scheduler)
    }
    #expect(scheduler.count == 0)
    #expect(try circuits.all().isEmpty)
    #expect(try runs.allSatisfy { try status($0) == .success })
  }

  // MARK: Rate limits

  /// No call, no write and no request, until there is a token.
  @Test func runThatWaitsForARateLimitCostsNothing() throws {
    let transport = SlowTransport(time: Timestamp(seconds: 1_800_000_000))
    transport.answers()
    let limiter = Turnstile()
    let scheduler = stepping(transport, clock: transport.clock, limiter: limiter)
    let runs = try runs(of: "ab", 300)
    scheduler.add(runs)
    drain(scheduler)
    #expect(transport.requests == 0)
    #expect(calls.count == 600, "the trigger and the action of each")
    let bytes = try storeBytes()
    for _ in 1...1000 {
      transport.advance(to: try #require(scheduler.nextDue))
      drain(scheduler)
    }
    #expect(try storeBytes() == bytes)
    #expect(calls.count == 600)
    #expect(limiter.asked <= 1301, "one asks for all: \(limiter.asked)")
    limiter.open()
    for _ in 1...10 where scheduler.count > 0 {
      transport.advance(to: try #require(scheduler.nextDue))
      drain(scheduler)
    }
    #expect(scheduler.count == 0)
    #expect(transport.requests == 300)
    #expect(calls.count == 900)
  }

  @Test func settingsThatChangedMeanwhileCountForRunsThatWaited() throws {
    let transport = SlowTransport(time: Timestamp(seconds: 1_800_000_000))
    transport.answers()
    let limiter = Turnstile()
    let scheduler = stepping(transport, clock: transport.clock, limiter: limiter)
    scheduler.add(try runs(of: "ab", 3))
    drain(scheduler)
    _ = try fixture.registry.flows.enable("ab", false)
    limiter.open()
    transport.advance(to: try #require(scheduler.nextDue))
    drain(scheduler)
    #expect(transport.requests == 0)
  }

  /// It does not wait for its turn, and what waits behind it in its lane goes on.
  @Test func canceledRunThatWaitsForARateLimitEndsAtOnce() throws {
    let limiter = Turnstile()
    let transport = HangingTransport(at: "nothing")
    try withScheduler(transport, limiter: limiter) { scheduler in
      let runs = try runs(of: "ab", 3)
      scheduler.add(runs)
      try waitUntil { limiter.asked > 0 && calls.count == 6 }
      _ = try fixture.home.commit([RunRequest(.cancel, runs[1].id, by: "ada").put])
      for run in runs { scheduler.recall(run.id) }
      try waitUntil { try status(runs[1]) == .canceled }
      #expect(try [runs[0], runs[2]].allSatisfy { try status($0) == .pending })
      limiter.open()
      #expect(scheduler.waitUntilIdle(within: 60))
      #expect(try [runs[0], runs[2]].allSatisfy { try status($0) == .success })
    }
  }

  // MARK: Private

  private func executor(
    _ transport: any HTTPTransport, clock: WallClock, limiter: (any RequestLimiter)? = nil
  ) -> RunExecutor {
    RunExecutor(
      registry: fixture.registry, caller: calls, transport: transport, limiter: limiter,
      backoff: Backoff(first: 1, longest: 60), clock: clock)
  }

  private func withScheduler(
    _ transport: HangingTransport, limiter: (any RequestLimiter)? = nil,
    _ body: (Scheduler) throws -> Void
  ) throws {
    let scheduler = Scheduler(
      executor: executor(transport, clock: .system, limiter: limiter),
      store: RunStore(home: fixture.home),
      clock: .system, instruments: nil, report: { _ in })
    scheduler.start(threads: 2)
    defer {
      transport.open()
      calls.open()
      scheduler.stop(within: 20)
    }
    try body(scheduler)
  }

  private func stepping(
    _ transport: any HTTPTransport, clock: WallClock, limiter: (any RequestLimiter)? = nil
  ) -> SteppingScheduler {
    SteppingScheduler(
      executor: executor(transport, clock: clock, limiter: limiter),
      store: RunStore(home: fixture.home), clock: clock)
  }

  /// Carries all that can go on now.
  private func drain(_ scheduler: SteppingScheduler) {
    repeat {
      while scheduler.activeCount > 0 { _ = scheduler.step(0) }
    } while scheduler.begin() != nil
  }

  /// Runs of a flow connection, each of another customer.
  private func runs(of flow: String, _ count: Int, from first: Int = 0) throws -> [Run] {
    let alpha = try fixture.registry.connections.get("a")
    let events = (first..<first + count).map { number -> (JSON, Connection) in
      let about = JSON.string("\(flow)-\(number)")
      return (["id": .string("e\(flow)\(number)"), "type": "made", "about": about], alpha)
    }
    return Intake(registry: fixture.registry).take(events).flatMap(\.runs)
      .filter { $0.flowConnection == flow }
  }

  private func status(_ run: Run) throws -> Run.Status {
    try RunStore(home: fixture.home).run(run.id).status
  }

  private func storeBytes() throws -> Int {
    let folder = fixture.home.storePath
    return try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
      let path = "\(folder)/\(name)"
      // The journal is longer than what was written to it.
      return sum + (FileManager.default.contents(atPath: path) ?? Data()).count { $0 != 0 }
    }
  }
}
