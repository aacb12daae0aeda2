import Lanes
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
  /// The resource that the run waits for in memory; nil if it goes on, ended, or waits in the store.
  private(set) var wanted: WantedResource?
  private var interpreter: FlowInterpreter<RunPerformer>
  /// The reply whose effects wait for the resource.
  private var reply: Reply<JSON>?
  private let flow: ResolvedFlow
  private let context: RunContext
  private let suspends: Bool

  /// The limit of consecutive calls without a reply.
  private static let maxFailedCalls = 5

  /// Starts an execution of a run and prepares its next call.
  ///
  /// With `suspends` it waits in memory for a resource that it does not get, and the driver admits it.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now; all other problems end
  ///   the run. This holds for the methods too.
  init(
    _ run: Run, _ flow: ResolvedFlow, _ context: RunContext, suspends: Bool
  ) throws(Problem) {
    self.context = context
    self.suspends = suspends
    self.flow = flow
    interpreter = FlowInterpreter(flow, try RunPerformer(run, flow, context, suspends: suspends))
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

  /// Whether it has made a request already.
  var hasBegun: Bool { interpreter.performer.hasBegun }

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
    guard let wanted = interpreter.performer.wanted else { return }
    self.wanted = wanted
    self.reply = reply
    interpreter.performer.wanted = nil
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

// MARK: - Waiting in memory

extension RunExecution {
  /// The step of the next call, as a resource.
  var nextStep: Resource? { next.map { .step("\($0.step)") } }

  /// Begins the use of the step of the next call; nil if the run must wait for it, or has no call.
  func beginCall() -> ResourceUse? {
    guard let resource = nextStep else { return nil }
    if let use = interpreter.performer.use, use.resource == resource {
      interpreter.performer.use = nil
      return use
    }
    guard suspends else { return nil }
    if let use = context.admissions.begin(resource) { return use }
    wanted = WantedResource(resource: resource, returns: false)
    return nil
  }

  /// The flow connection.
  var flowConnection: String { flow.flow.name }

  /// Goes on with the resource that it waited for, up to the next call; the flow connection is given as
  /// it is now, or nil if it is gone.
  ///
  /// After a long wait, or if a person has changed settings meanwhile, the step is begun anew from what
  /// the store has: neither what was read nor the settings may be what they were.
  func resume(with use: ResourceUse, in current: ResolvedFlow?) throws(Problem) {
    wanted = nil
    let isOutdated = interpreter.performer.isOutdated(at: context.clock.now())
    guard !isOutdated, let current, current.isSame(as: flow) else {
      (next, reply) = (nil, nil)
      return interpreter.performer.beginAnew()
    }
    interpreter.performer.use = use
    guard let reply else { return }
    self.reply = nil
    try resume(with: reply)
  }

  /// Lets the run wait in the store, since the resource that it waited for does not answer.
  func giveUpWaiting(_ reason: String) {
    (wanted, next, reply) = (nil, nil, nil)
    interpreter.performer.wait(.failure(reason))
  }
}
