import Setup
import StepKit
import Store
import TestHomes
import Testing
import Values

@testable import Records

/// What a person may do to a run: retry it, or settle a parked effect.
struct RunStoreTests {
  private let fixture: TestHome
  private let store: RunStore
  private let start = Timestamp(seconds: 1_800_000_000)
  private var now: Timestamp { start.adding(seconds: 60) }

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
    store = RunStore(home: fixture.home, person: "ada")
  }

  // MARK: Retry

  @Test(arguments: [Run.Status.pending, .parked])
  func retryRefusesARunThatIsNotAtItsEnd(status: Run.Status) throws {
    try put(run(status))
    var ledger = try Ledger(home: fixture.home, run: "r1", step: 0)
    try ledger.record("made", LedgerEntry(.parked, [:], at: start, round: 1))
    let problem = #expect(throws: Problem.self) { try store.retry("r1", now: now) }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.hasPrefix("run r1 is \(status.rawValue)") == true)
  }

  /// The dispatcher ended twice while it carried the run.
  @Test func retryContinuesAParkedRunWithoutDoubts() throws {
    try put(run(.pending))
    let parked = try store.park("r1", "the dispatcher ended", now: now)
    #expect(parked.status == .parked && parked.reason == "the dispatcher ended")
    #expect(try store.isOpen(parked) == false)
    #expect(try store.retry("r1", now: now).status == .pending)
  }

  @Test func parkLeavesAnEndedRunAlone() throws {
    try put(run(.success))
    #expect(try store.park("r1", "no", now: now).status == .success)
  }

  /// What a trigger found may not be so any more, so only a run that has changed something goes on where it was.
  @Test(arguments: [
    (Run.Status.failed, false, 0), (.failed, true, 1), (.stopped, true, 0), (.notSynced, false, 0),
  ])
  func retryLooksAnewUnlessTheRunHasChangedSomething(
    status: Run.Status, hasChanged: Bool, step: Int
  ) throws {
    try put(run(status, step: 1, outputs: [["a": 1]]))
    if hasChanged {
      var ledger = try Ledger(home: fixture.home, run: "r1", step: 1)
      try ledger.record("made", LedgerEntry(.confirmed, try change(), at: start, round: 1))
    }
    let run = try store.retry("r1", now: now)
    #expect(run.step == step)
    #expect(run.outputs == Array([["a": 1]].prefix(step)))
    #expect(run.at == start && run.clock == (hasChanged ? start : now))
  }

  private func change() throws -> JSON {
    Effect.post("made", "/things", body: [:]).json
  }

  @Test func retryMakesTheRunPendingAndForgetsItsTrouble() throws {
    var failed = run(.failed, step: 1, outputs: [[:]])
    failed.attempts = 7
    failed.failingSince = start
    failed.reason = "refused"
    try put(failed)
    _ = try store.retry("r1", now: now)
    let run = try store.run("r1")
    #expect(run.status == .pending)
    #expect(run.due == now)
    #expect(run.attempts == 0 && run.failingSince == nil && run.reason == nil)
    #expect(run.log.map(\.name) == ["Run Retried"])
    #expect(run.log.first?.by == "ada")
    #expect(try store.open().map(\.id) == ["r1"])
    #expect(try store.isOpen(run))
  }

  @Test func retryOfASuccessRequiresAStep() throws {
    try put(run(.success, step: 2, outputs: [[:], [:]]))
    let problem = #expect(throws: Problem.self) { try store.retry("r1", now: now) }
    #expect(problem?.kind == .usage)
    #expect(problem?.description.hasSuffix("from step 1 to 2") == true)
    #expect(try store.retry("r1", from: 1, now: now).step == 1)
  }

  @Test(arguments: [-1, 2, 5])
  func retryRefusesAStepThatTheRunHasNotReached(step: Int) throws {
    try put(run(.failed, step: 1, outputs: [[:]]))
    let problem = #expect(throws: Problem.self) { try store.retry("r1", from: step, now: now) }
    #expect(problem?.kind == .usage)
    #expect(problem?.description == "run r1 can go on from step 1 to 2")
    #expect(try store.run("r1").status == .failed)
  }

  @Test func retryRefusesARunWithoutFlowConnection() throws {
    try put(run(.failed))
    try fixture.registry.flows.disconnect("ab")
    let problem = #expect(throws: Problem.self) { try store.retry("r1", now: now) }
    #expect(problem?.kind == .refused)
  }

  /// Only a change that happened is kept: it must not be made again.
  @Test func retryKeepsConfirmedChangesOnly() throws {
    try put(run(.failed))
    try record("made", .confirmed, .known(status: 201, value: ["id": 1]))
    try record("no", .refused, .known(status: 422, value: [:]))
    try record("lost", .unknown, .unknown)
    try record("look", .confirmed, .known(status: 200, value: [:]), method: .get)
    _ = try store.retry("r1", now: now)
    let entries = try ledger().entries
    #expect(entries.mapValues(\.state) == ["made": .confirmed, "no": .void, "lost": .void])
    #expect(entries["made"]?.answer == .known(status: 201, value: ["id": 1]))
    #expect(entries["no"]?.answer == nil)
  }

  // MARK: Settle

  @Test func settleWithAnAnswerConfirmsTheChange() throws {
    try put(run(.parked))
    try record("made", .parked, .unknown)
    let run = try store.settle("r1", effect: "made", answer: ["id": 7], now: now)
    #expect(run.status == .pending)
    #expect(run.log.last?.name == "Run Settled" && run.log.last?.by == "ada")
    #expect(try ledger().entries["made"]?.state == .confirmed)
    #expect(try ledger().answers == ["made": .known(status: 200, value: ["id": 7])])
    #expect(try fixture.home.store.get("parked/r1") == nil)
  }

  @Test func settleWithoutAnAnswerVoidsTheChange() throws {
    try put(run(.parked))
    try record("made", .parked, .unknown)
    _ = try store.settle("r1", effect: "made", answer: nil, now: now)
    #expect(try ledger().entries["made"]?.state == .void)
    #expect(try ledger().answers.isEmpty)
  }

  @Test func settleOfOneOfTwoEffectsLeavesTheRunParked() throws {
    try put(run(.parked))
    for name in ["one", "two"] { try record(name, .parked, .unknown) }
    #expect(try store.settle("r1", effect: "one", answer: [:], now: now).status == .parked)
    #expect(try fixture.home.store.get("parked/r1") != nil)
    #expect(try store.settle("r1", effect: "two", answer: nil, now: now).status == .pending)
    #expect(try ledger().entries.mapValues(\.state) == ["one": .confirmed, "two": .void])
  }

  @Test func settleRefusesAnEffectThatIsNotParked() throws {
    try put(run(.parked))
    try record("made", .parked, .unknown)
    try record("sure", .confirmed, .known(status: 201, value: [:]))
    for name in ["sure", "other"] {
      let problem = #expect(throws: Problem.self) {
        try store.settle("r1", effect: name, answer: [:], now: now)
      }
      #expect(problem?.kind == .noInput)
    }
  }

  @Test(arguments: [Run.Status.pending, .failed, .success, .stopped, .notSynced])
  func settleRefusesARunThatIsNotParked(status: Run.Status) throws {
    try put(run(status))
    try record("made", .parked, .unknown)
    #expect(throws: Problem.self) {
      try store.settle("r1", effect: "made", answer: [:], now: now)
    }
  }

  // MARK: Queries

  @Test func runOfUnknownIDIsRefused() {
    let problem = #expect(throws: Problem.self) { try store.run("none") }
    #expect(problem?.kind == .noInput)
  }

  @Test func openRunsAreThoseNotAtTheirEnd() throws {
    try put(run(.pending, id: "r1"))
    try put(run(.success, id: "r2"))
    try put(run(.pending, id: "r3"))
    #expect(try store.runs().map(\.id) == ["r1", "r2", "r3"])
    #expect(try store.open().map(\.id) == ["r1", "r3"])
    #expect(try store.open { $0 != "r1" }.map(\.id) == ["r3"])
  }

  @Test func pendingRunIsBehindTheFirstPendingOneOfItsLane() {
    let runs = [
      run(.success, id: "r1"), run(.pending, id: "r2"), run(.pending, id: "r3"),
      run(.pending, id: "r4", lane: "other"), run(.failed, id: "r5"), run(.pending, id: "r6"),
    ]
    #expect(RunStore.blockingRuns(among: runs) == ["r3": "r2", "r6": "r2"])
  }

  // MARK: Private

  private func run(
    _ status: Run.Status, id: String = "r1", lane: String = "alpha:one/x", step: Int = 0,
    outputs: [JSON] = []
  ) -> Run {
    var run = Run(
      id: id, flowConnection: "ab", event: "event/alpha:one/e1", lane: lane, at: start)
    run.status = status
    run.step = step
    run.outputs = outputs
    return run
  }

  private func put(_ run: Run) throws {
    try fixture.home.store.put(run.text, at: run.key)
    if run.status == .pending { _ = try fixture.home.commit(run.opening) }
    if run.status == .parked { try fixture.home.store.put("{}", at: run.parkedKey) }
  }

  private func ledger() throws -> Ledger { try Ledger(home: fixture.home, run: "r1", step: 0) }

  private func record(
    _ name: String, _ state: LedgerEntry.State, _ answer: Answer,
    method: HTTPEffect.Method = .post
  ) throws {
    var ledger = try ledger()
    let effect = HTTPEffect(name: name, method: method, path: "/things")
    try ledger.record(
      name,
      LedgerEntry(state, Effect.http(effect).json, at: start, round: 1, answer: answer))
  }
}
