import Foundation
import Lanes
import Records
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// When and in which order runs are executed.
struct SchedulerTests {
  private let fixture: TestHome
  private let steps = ScriptedSteps()

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
  }

  // MARK: Lanes

  @Test func runsOfOneLaneAreExecutedInOrder() throws {
    let runs = try (1...5).map { try take("e\($0)", lane: "x") }
    try withScheduler { scheduler in
      scheduler.add(runs)
      #expect(scheduler.waitUntilIdle(within: 20))
    }
    #expect(steps.events == ["e1", "e2", "e3", "e4", "e5"])
    #expect(try statuses(runs) == Array(repeating: .stopped, count: 5))
  }

  @Test func otherLanesGoOnWhileOneIsBusy() throws {
    let busy = try [take("busy", lane: "x"), take("behind", lane: "x")]
    let others = try (1...3).map { try take("e\($0)", lane: "y") }
    let gate = steps.hold("busy")
    try withScheduler { scheduler in
      scheduler.add(busy + others)
      try waitUntil { try statuses(others) == [.stopped, .stopped, .stopped] }
      #expect(!steps.events.contains("behind"))
      #expect(scheduler.count == 2)
      gate.open()
      #expect(scheduler.waitUntilIdle(within: 20))
    }
    #expect(steps.events.filter { ["busy", "behind"].contains($0) } == ["busy", "behind"])
  }

  @Test func runThatIsTriedAgainKeepsItsPlaceInTheLane() throws {
    let runs = try (1...2).map { try take("e\($0)", lane: "x") }
    steps.reply(to: "e1", #"{"outcome":"retry","reason":"busy"}"#, times: 1)
    try withScheduler { scheduler in
      scheduler.add(runs)
      #expect(scheduler.waitUntilIdle(within: 20))
    }
    #expect(steps.events == ["e1", "e1", "e2"])
  }

  @Test func failedRunDoesNotHoldUpItsLane() throws {
    let runs = try (1...2).map { try take("e\($0)", lane: "x") }
    steps.reply(to: "e1", #"{"outcome":"fail","reason":"no"}"#, times: 1)
    try withScheduler { scheduler in
      scheduler.add(runs)
      #expect(scheduler.waitUntilIdle(within: 20))
    }
    #expect(try statuses(runs) == [.failed, .stopped])
  }

  /// A run of a disabled flow connection waits for a person; runs of other flow connections about the
  /// same thing do not wait with it.
  @Test func runThatWaitsForAPersonLeavesTheLane() throws {
    _ = try fixture.registry.connect(flow: "to-beta", name: "later", connections: [:])
    _ = try fixture.registry.flows.enable("later", true)
    let both = try runs(of: "e1", lane: "x")
    let (waiting, other) = try (
      #require(both.first { $0.flowConnection == "ab" }),
      #require(both.first { $0.flowConnection == "later" })
    )
    _ = try fixture.registry.flows.enable("ab", false)
    try withScheduler { scheduler in
      scheduler.add([waiting, other])
      try waitUntil { try statuses([other]) == [.stopped] }
      #expect(scheduler.has(waiting.id))
      #expect(try statuses([waiting]) == [.pending])
      let lane = try RunStore(home: fixture.home).run(waiting.id).lane
      #expect(lane == "\(waiting.lane)|ab")
    }
  }

  // MARK: Known runs

  @Test func knownRunIsNotAddedAgain() throws {
    let run = try take("e1", lane: "x")
    try withScheduler { scheduler in
      let gate = steps.hold("e1")
      scheduler.add([run, run])
      scheduler.add([run])
      #expect(scheduler.count == 1)
      gate.open()
      #expect(scheduler.waitUntilIdle(within: 20))
      #expect(!scheduler.has(run.id))
    }
    #expect(steps.events == ["e1"])
  }

  // MARK: Stopping

  @Test func stopLeavesRunsThatHaveNotBegun() throws {
    let runs = try (1...3).map { try take("e\($0)", lane: "x") }
    let gate = steps.hold("e1")
    let scheduler = scheduler()
    scheduler.start(threads: 2)
    scheduler.add(runs)
    try waitUntil { steps.events == ["e1"] }
    #expect(!scheduler.waitUntilIdle(within: 0))
    let opener = Thread {
      usleep(50_000)
      gate.open()
    }
    opener.start()
    scheduler.stop(within: 20)
    #expect(steps.events == ["e1"])
    #expect(try RunStore(home: fixture.home).open().count >= 2)
    scheduler.add([try take("e4", lane: "y")])
    #expect(!scheduler.waitUntilIdle(within: 0.05))
    #expect(steps.events == ["e1"])
  }

  @Test func stopReturnsAtOnceIfNothingIsExecuted() throws {
    let scheduler = scheduler()
    scheduler.start(threads: 4)
    let start = ContinuousClock.now
    scheduler.stop(within: 20)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  // MARK: Private

  private func scheduler() -> Scheduler {
    let executor = RunExecutor(
      registry: fixture.registry, caller: steps, backoff: Backoff(first: 0.02, longest: 0.02))
    return Scheduler(
      executor: executor, store: RunStore(home: fixture.home), clock: .system,
      instruments: nil, report: { _ in })
  }

  private func withScheduler(_ body: (Scheduler) throws -> Void) throws {
    let scheduler = scheduler()
    scheduler.start(threads: 3)
    defer {
      steps.openAll()
      scheduler.stop(within: 20)
    }
    try body(scheduler)
  }

  /// The run of an event that is taken now.
  private func take(_ id: String, lane: String) throws -> Run {
    try #require(runs(of: id, lane: lane).first)
  }

  private func runs(of id: String, lane: String) throws -> [Run] {
    try Intake(registry: fixture.registry).take(
      ["id": .string(id), "type": "made", "about": .string(lane)],
      from: fixture.registry.connections.get("a")
    ).runs
  }

  private func statuses(_ runs: [Run]) throws -> [Run.Status] {
    try runs.map { try RunStore(home: fixture.home).run($0.id).status }
  }
}
