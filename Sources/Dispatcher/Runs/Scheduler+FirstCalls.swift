import Processes
import Records
import StepKit
import Values

/// The first calls of new runs are made by one worker at a time, several at once: after most of them
/// only the run's end is left to be written down, and so no worker waits for each.
extension Scheduler {
  /// A run whose first call is being made.
  private struct Opening {
    let claim: LaneQueue.Claim
    let run: Run
    let execution: RunExecution
    let call: StepInvocation
    let start: Double
  }

  /// Seconds that a call may hold up the runs behind it: then another worker begins.
  private static let patience = 0.002

  /// Makes first calls until there are no more to be made.
  func makeFirstCalls() {
    guard let calls = executor.router.caller.multiplexer(tagged: Opening.self) else {
      return passAll()
    }
    var begins = true
    while true {
      while begins, calls.count < Self.maxCalls, let (claim, run) = takeFresh() {
        begin(claim, run, calls)
      }
      if calls.count == 0, !begins || endsOpening() { return }
      let answers = calls.wait(seconds: begins ? Self.patience : 86_400)
      for (opening, output) in answers { take(output, opening) }
      if answers.isEmpty, begins, calls.count > 0 {
        begins = false
        leaveOpening()
      }
    }
  }

  private static var maxCalls: Int { 2 * Machine.cores }

  private func begin(
    _ claim: LaneQueue.Claim, _ run: Run, _ calls: any StepMultiplexer<Opening>
  ) {
    // What is wrong is found again where the run is carried.
    guard let execution = try? executor.begin(run), let call = execution.next, call.place == nil
    else { return pass(claim, .single(run)) }
    let opening = Opening(
      claim: claim, run: run, execution: execution, call: call, start: executor.noteCall())
    if !calls.begin(call.step, with: call.line, tag: opening) { pass(claim, .single(run)) }
  }

  /// Ends a run of which only that is to be written down, and passes on one that may take long.
  private func take(_ output: StepOutput?, _ opening: Opening) {
    executor.noteAnswer(opening.call, since: opening.start)
    guard let output else { return pass(opening.claim, .single(opening.run)) }
    let execution = opening.execution
    do throws(Problem) {
      let reply = try execution.read(output)
      if let reply, !execution.ends(with: reply) {
        return pass(opening.claim, .begun(execution, reply))
      }
      carry(opening.claim) { () throws(Problem) in
        try executor.execute(execution, after: reply, isStopping: stopsNow)
      }
    } catch {
      retryLater(opening.claim, error)
    }
  }

  private func passAll() {
    while let (claim, run) = takeFresh() { pass(claim, .single(run)) }
    leaveOpening()
  }
}
