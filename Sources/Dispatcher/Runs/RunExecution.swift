import Records
import Setup
import StepKit
import Store
import Values

/// An execution of a run until it ends or must wait.
///
/// It makes no calls: the driver makes each ``next`` call and resumes the execution with the reply.
/// One thread uses it at a time, which the compiler cannot check.
final class RunExecution: @unchecked Sendable {
  /// The next call; nil if the run has ended or must wait.
  private(set) var next: StepInvocation?
  private var interpreter: FlowInterpreter<RunPerformer>

  /// The limit of consecutive calls without a reply.
  private static let maxFailedCalls = 5

  /// Starts an execution of a run and prepares its next call.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now; all other problems end
  ///   the run. This holds for the methods too.
  init(_ run: Run, _ flow: ResolvedFlow, _ context: RunContext) throws(Problem) {
    interpreter = FlowInterpreter(flow, try RunPerformer(run, flow, context))
    guard flow.flow.isEnabled else {
      let name = run.flowConnection
      interpreter.performer.wait(
        .paused("\(name) is disabled; `meterbridge flow enable \(name)` resumes its runs"))
      return
    }
    try proceed { (interpreter) throws(Problem) in try interpreter.start(at: run.step) }
  }

  /// The state of the run once the ``changes`` are committed.
  var run: Run {
    var run = interpreter.performer.state
    run.body = nil
    return run
  }

  /// The changes to commit.
  var changes: [Change] { interpreter.performer.changes }

  /// Reads the output of the ``next`` call; nil if it is not a valid reply, which fails the run.
  func read(_ output: StepOutput) throws(Problem) -> Reply<JSON>? {
    var reply: Reply<JSON>?
    try proceed { (interpreter) throws(Problem) in
      reply = try interpreter.read(output)
      return nil
    }
    return reply
  }

  /// Whether a reply ends the run or lets it wait, with no effects left to perform.
  func ends(with reply: Reply<JSON>) -> Bool { interpreter.ends(with: reply) }

  /// Handles the reply to the ``next`` call and performs the effects that it requests.
  func resume(with reply: Reply<JSON>) throws(Problem) {
    try proceed { (interpreter) throws(Problem) in try interpreter.resume(with: reply) }
  }

  /// Lets the run wait after a call without a reply, up to a limit of attempts; otherwise fails it.
  func resume(after problem: Problem) throws(Problem) {
    try proceed { (interpreter) throws(Problem) in
      guard problem.kind == .unavailable,
        interpreter.performer.state.attempts < Self.maxFailedCalls
      else { throw problem }
      interpreter.performer.wait(.failure(problem.description))
      return nil
    }
  }

  private func proceed(
    _ body: (inout FlowInterpreter<RunPerformer>) throws(Problem) -> StepInvocation?
  ) throws(Problem) {
    do throws(Problem) {
      next = try body(&interpreter)
    } catch {
      next = nil
      guard error.kind != .io, error.kind != .temporary else { throw error }
      interpreter.performer.end(error)
    }
  }
}
