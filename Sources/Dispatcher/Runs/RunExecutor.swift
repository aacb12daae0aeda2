public import HTTPClient
public import Records
public import Setup
import StepKit
import Store
public import Values

/// Carries runs: calls their steps, has their effects performed, and writes down what came of it.
///
/// Everything that it knows of a run is in the store, so that any executor can go on where another was
/// killed. It may be used by any number of threads, each for another run.
public final class RunExecutor: Sendable {
  let router: StepRouter
  private let flows: ResolvedFlows
  private let context: RunContext
  private let instruments: any Instruments
  private let observe: @Sendable (FaultPoint) -> Void

  /// An executor of the runs of a home, whose steps are called by `caller` and whose requests are
  /// carried by `transport`.
  ///
  /// A run is tried again as `backoff` says; `observe` is told of each instant at which it matters
  /// whether the process dies.
  public init(
    registry: Registry, caller: any StepCaller, transport: any HTTPTransport = CurlClient(),
    backoff: Backoff = Backoff(), clock: WallClock = .system,
    instruments: any Instruments = NoInstruments(),
    observe: @escaping @Sendable (FaultPoint) -> Void = { _ in }
  ) {
    router = StepRouter(caller, registry: registry)
    flows = ResolvedFlows(registry: registry, router: router)
    context = RunContext(
      home: registry.home,
      effects: EffectPerformer(
        home: registry.home, transport: transport, clock: clock, instruments: instruments,
        observe: observe),
      links: Links(home: registry.home), backoff: backoff, clock: clock)
    self.instruments = instruments
    self.observe = observe
  }

  /// Carries a run until it ends or must wait, and commits what came of it; gives it as it is then.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  public func carry(_ run: Run) throws(Problem) -> Run {
    let (run, changes) = try execute(run)
    if !changes.isEmpty { _ = try context.home.commit(changes) }
    return run
  }

  /// Carries a run until it ends or must wait; gives it as it is once the changes are committed.
  ///
  /// It stops before the next call if `isStopping` says so.
  func execute(
    _ run: Run, isStopping: () -> Bool = { false }
  ) throws(Problem) -> (run: Run, changes: [Change]) {
    guard run.status == .pending else { return (run, []) }
    do throws(Problem) {
      return try execute(try begin(run), isStopping: isStopping)
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      var run = run
      let changes = run.end(.failed, error.description, at: context.clock.now())
      run.body = nil
      return (run, changes)
    }
  }

  /// The execution of a pending run, with its first call prepared.
  ///
  /// - Throws: a problem with its flow connection; an `io` or `temporary` one if the store cannot be used
  ///   now.
  func begin(_ run: Run) throws(Problem) -> RunExecution {
    var run = run
    if run.log.isEmpty { run.note("Run Started", "Success", at: context.clock.now()) }
    return try RunExecution(run, try flows.flow(run.flowConnection), context)
  }

  /// Carries an execution on, after a reply that it was given already if there is one.
  func execute(
    _ execution: RunExecution, after reply: Reply<JSON>? = nil, isStopping: () -> Bool
  ) throws(Problem) -> (run: Run, changes: [Change]) {
    if let reply { try execution.resume(with: reply) }
    while let invocation = execution.next {
      if isStopping() { break }
      let output: StepOutput
      do throws(Problem) {
        output = try call(invocation)
      } catch {
        try execution.resume(after: error)
        continue
      }
      guard let reply = try execution.read(output) else { break }
      try execution.resume(with: reply)
    }
    return (execution.run, execution.changes)
  }

  /// Calls a step.
  private func call(_ invocation: StepInvocation) throws(Problem) -> StepOutput {
    observe(.calling)
    let start = context.clock.uptime()
    defer { instruments.stepCalled(invocation.step, seconds: context.clock.uptime() - start) }
    return try router.call(invocation.step, at: invocation.place, with: invocation.line)
  }

  /// Notes that somebody else makes a call, and gives the time of it.
  func noteCall() -> Double {
    observe(.calling)
    return context.clock.uptime()
  }

  /// Notes that somebody else's call of a step has ended.
  func noteAnswer(_ step: StepInvocation, since start: Double) {
    instruments.stepCalled(step.step, seconds: context.clock.uptime() - start)
  }
}
