import Processes
import Records
import StepKit
import Values

/// One worker at a time makes the first calls of new runs, several concurrently: most runs end after
/// the first call, so no worker needs to wait for each.
extension Scheduler {
  /// A first call in progress.
  private struct FirstCall {
    let claim: LaneQueue.Claim
    let run: Run
    let execution: RunExecution
    let invocation: StepInvocation
    let start: Double
  }

  /// The time without an answer after which another worker makes the next first calls, in seconds.
  private static let maxWait = 0.002
  private static var maxCalls: Int { 2 * Machine.cores }

  /// Makes first calls until no new run is left.
  func makeFirstCalls() {
    guard let calls = executor.router.caller.multiplexer(tagged: FirstCall.self) else {
      return passAll()
    }
    var isAccepting = true
    while true {
      while isAccepting, calls.count < Self.maxCalls, let (claim, run) = claimFresh() {
        start(claim, run, calls)
      }
      if calls.count == 0, !isAccepting || endFirstCalls() { return }
      let answers = calls.wait(seconds: isAccepting ? Self.maxWait : 86_400)
      for (call, output) in answers { finish(call, output) }
      if answers.isEmpty, isAccepting, calls.count > 0 {
        isAccepting = false
        passFirstCalls()
      }
    }
  }

  private func start(
    _ claim: LaneQueue.Claim, _ run: Run, _ calls: any StepMultiplexer<FirstCall>
  ) {
    // A problem occurs again when another worker executes the run.
    guard let execution = try? executor.start(run), let invocation = execution.next,
      invocation.endpoint == nil
    else { return pass(claim, .unstarted(run)) }
    let call = FirstCall(
      claim: claim, run: run, execution: execution, invocation: invocation,
      start: executor.noteCall())
    if !calls.start(invocation.step, with: invocation.line, tag: call) {
      pass(claim, .unstarted(run))
    }
  }

  /// Commits a run that the reply ends, and passes any other to another worker.
  private func finish(_ call: FirstCall, _ output: StepOutput?) {
    executor.noteAnswer(call.invocation, since: call.start)
    guard let output else { return pass(call.claim, .unstarted(call.run)) }
    let execution = call.execution
    do throws(Problem) {
      let reply = try execution.read(output)
      if let reply, !execution.ends(with: reply) {
        return pass(call.claim, .started(execution, reply))
      }
      execute(call.claim) { () throws(Problem) in
        try executor.execute(execution, after: reply, isStopping: stopsNow)
      }
    } catch {
      retryLater(call.claim, error)
    }
  }

  private func passAll() {
    while let (claim, run) = claimFresh() { pass(claim, .unstarted(run)) }
    passFirstCalls()
  }
}
