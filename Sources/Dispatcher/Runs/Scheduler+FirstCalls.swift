import Lanes
import Processes
import Records
import Setup
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
    let use: ResourceUse?
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
        CrashNotes.naming(run.id) { start(claim, run, calls) }
      }
      if calls.count == 0, !isAccepting || endFirstCalls() { return }
      if !isAccepting { block(true) }
      let answers = calls.wait(seconds: isAccepting ? Self.maxWait : 86_400)
      if !isAccepting { block(false) }
      for (call, answer) in answers {
        CrashNotes.naming(call.run.id) { finish(call, answer, calls) }
      }
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
    let use = execution.beginCall()
    guard execution.wanted == nil else { return suspend(claim, execution) }
    let call = FirstCall(
      claim: claim, run: run, execution: execution, invocation: invocation, use: use,
      start: executor.noteCall())
    if !calls.start(invocation.step, with: invocation.line, tag: call) {
      pass(claim, .unstarted(run))
    }
  }

  /// Commits a run that the reply ends, and passes any other to another worker.
  private func finish(
    _ call: FirstCall, _ answer: CallAnswer<StepOutput>, _ calls: any StepMultiplexer<FirstCall>
  ) {
    executor.noteAnswer(call.invocation, since: call.start)
    let execution = call.execution
    switch answer {
    case .none:
      call.use?.end(.unused)
      pass(call.claim, .unstarted(call.run))
    case .hung:
      let problem = calls.hang(of: call.invocation.step)
      call.use?.end(.hung(problem.description))
      execute(call.claim) { () throws(Problem) in
        try execution.resume(after: problem)
        return executor.outcome(of: execution)
      }
    case .answer(let output):
      call.use?.end(.answered(isGood: true))
      finish(call, output)
    }
  }

  private func finish(_ call: FirstCall, _ output: StepOutput) {
    let execution = call.execution
    do throws(Problem) {
      let reply = try execution.read(output)
      if let reply, !execution.ends(with: reply) {
        return pass(call.claim, .started(execution, reply))
      }
      execute(call.claim) { () throws(Problem) in
        if let reply { try execution.resume(with: reply) }
        return executor.outcome(of: execution)
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
