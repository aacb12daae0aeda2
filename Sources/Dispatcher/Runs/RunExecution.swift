import Records
import Setup
import StepKit
import Store
import Values

/// A run on its way through its flow, until it ends or must wait.
///
/// It makes no calls: its driver makes each ``next`` one and resumes it with the output. It may pass from
/// thread to thread, but belongs to one at a time, which the compiler cannot see: hence unchecked.
final class RunExecution: @unchecked Sendable {
  /// The call that is to be made; nil if the run has ended or must wait.
  private(set) var next: StepInvocation?
  private var interpreter: FlowInterpreter<RunPerformer>

  /// The calls of a function in one go that may give no reply before the run fails.
  private static let maxBreakdowns = 5

  /// Prepares the run's next call.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  init(_ run: Run, _ flow: ResolvedFlow, _ context: RunContext) throws(Problem) {
    interpreter = FlowInterpreter(flow, try RunPerformer(run, flow, context))
    guard flow.flow.isEnabled else {
      let name = run.flowConnection
      interpreter.performer.wait(
        .paused("\(name) is disabled; `meterbridge flow enable \(name)` lets its runs go on"))
      return
    }
    try proceed { (interpreter) throws(Problem) in try interpreter.start(at: run.step) }
  }

  /// The run as it is, once its ``changes`` are committed.
  var run: Run {
    var run = interpreter.performer.state
    run.body = nil
    return run
  }

  /// The changes that are still to be committed.
  var changes: [Change] { interpreter.performer.changes }

  /// Reads the output of the call that was made; nil if it is no reply, and the run has failed.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  func read(_ output: StepOutput) throws(Problem) -> Reply<JSON>? {
    var reply: Reply<JSON>?
    try proceed { (interpreter) throws(Problem) in
      reply = try interpreter.read(output)
      return nil
    }
    return reply
  }

  /// Whether nothing is left to be done after a reply but to write down that the run ended.
  func ends(with reply: Reply<JSON>) -> Bool { interpreter.ends(with: reply) }

  /// Takes the reply to the call that was made, and performs what it asks for.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  func resume(with reply: Reply<JSON>) throws(Problem) {
    try proceed { (interpreter) throws(Problem) in try interpreter.take(reply) }
  }

  /// Lets the run wait if the call gave no reply, or fails it.
  ///
  /// A crash or a busy machine may pass; one that does not needs a person.
  func resume(after problem: Problem) throws(Problem) {
    try proceed { (interpreter) throws(Problem) in
      guard problem.kind == .unavailable,
        interpreter.performer.state.attempts < Self.maxBreakdowns
      else { throw problem }
      interpreter.performer.wait(.trouble(problem.description))
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
