import Records
import Store
import Testing
import Values

@Suite struct RunTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func run() -> Run {
    Run(id: "run.1", flowConnection: "flow", event: "event/a/1", lane: "a/1", at: now)
  }

  private func reread(_ run: Run, without member: String...) throws -> Run {
    try Run(json: .object((run.json.object ?? [:]).filter { !member.contains($0.key) }))
  }

  @Test func waitReasonIsStored() throws {
    var run = run()
    run.wait(for: .limit, until: now, at: now)
    #expect(try reread(run).waitsFor == .limit)
    run.wait(for: .person, until: now, "paused", at: now)
    #expect(try reread(run).waitsForSomebody)
    _ = run.end(.failed, "it failed", at: now)
    #expect(try reread(run).waitsFor == nil)
  }

  @Test func waitReasonOfOlderBuildIsReadFromLog() throws {
    var run = run()
    run.startStep("a/take", at: now)
    run.wait(for: .person, until: now, "paused", at: now)
    var old = try reread(run, without: "waitsFor", "started")
    #expect(old.waitsForSomebody)
    old.startStep("a/take", at: now)
    #expect(old.log.map(\.name) == ["Step 1 Start", "Step 1 Waits"])
    run.attempts = 1
    #expect(try reread(run, without: "waitsFor", "started").waitsFor == .retry)
  }

  @Test func stepStartIsNotedOncePerTry() throws {
    var run = run()
    run.wait(for: .person, until: now, "disabled", at: now)
    run = try reread(run)
    run.startStep("a/take", at: now)
    run.wait(for: .retry, until: now, "busy", at: now)
    run = try reread(run)
    run.startStep("a/take", at: now)
    run.advance(.null)
    run.startStep("b/give", at: now)
    #expect(
      run.log.map(\.name) == ["Step 1 Waits", "Step 1 Start", "Step 1 Waits", "Step 2 Start"])
  }

  /// A change was held until tomorrow and let go today: after a crash the next step does not wait too.
  @Test func nextStepDoesNotWaitForWhatTheLastOneWaitedFor() throws {
    var run = run()
    run.hold(until: now.adding(seconds: 86_400), "held", at: now)
    run.advance(.null)
    run = try reread(run)
    #expect(run.due <= now && run.waitsFor == nil)
  }

  @Test func statusDecidesWhichKeysMarkRun() {
    var run = run()
    #expect(run.opening.map(key) == ["+run/run.1", "+open/run.1"])
    #expect(run.end(.success, nil, at: now).map(key) == ["+run/run.1", "-open/run.1"])
    #expect(
      run.end(.parked, "in doubt", at: now).map(key)
        == ["+run/run.1", "-open/run.1", "+parked/run.1"])
  }

  private func key(_ change: Change) -> String {
    switch change {
    case .put(let key, _): "+" + key
    case .remove(let key): "-" + key
    }
  }

  @Test func runLeavesTheLaneThatItSharesWithTheOneItWaitsFor() {
    func run(_ id: String) -> Run {
      Run(id: id, flowConnection: "f", event: "e", lane: "x", at: Timestamp(seconds: 1))
    }
    var (first, second) = (run("run_1"), run("run_2"))
    first.leaveLane(of: second)
    #expect(first.lane == "x|f")
    first.leaveLane(of: second)
    #expect(first.lane == "x|f", "the other one is in another lane")
    second.leaveLane()
    first.leaveLane(of: second)
    #expect(first.lane == "x|f|run_1")
  }
}
