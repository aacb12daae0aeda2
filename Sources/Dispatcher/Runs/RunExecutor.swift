public import HTTPClient
public import Lanes
public import Records
public import Requests
public import Setup
import StepKit
import Store
public import Values

/// Executes runs: calls their steps, performs the effects and records the results.
///
/// All state of a run is in the store, so another executor can continue after a crash. Any number of
/// threads may use it, each for another run.
public final class RunExecutor: Sendable {
  let router: StepRouter
  let admissions: Admissions
  private let flows: ResolvedFlows
  private let context: RunContext
  private let instruments: (any Instruments)?
  private let observe: @Sendable (FaultPoint) -> Void

  /// Creates an executor for the runs of a home; `observe` is called at each fault point.
  ///
  /// The default limiter keeps its state in files of the home.
  public init(
    registry: Registry, caller: any StepCaller, transport: any HTTPTransport = CurlClient(),
    limiter: (any RequestLimiter)? = nil, backoff: Backoff = Backoff(), clock: WallClock = .system,
    instruments: (any Instruments)? = nil,
    observe: @escaping @Sendable (FaultPoint) -> Void = { _ in }
  ) {
    let home = registry.home
    router = StepRouter(caller, registry: registry)
    flows = ResolvedFlows(registry: registry, router: router)
    admissions = Admissions(home: home, clock: clock)
    let effects = EffectPerformer(
      home: home,
      client: APIClient(home: home, transport: transport, clock: clock, observe: observe),
      limiter: limiter ?? FileRequestLimiter(home: home), admissions: admissions, clock: clock,
      instruments: instruments)
    context = RunContext(
      home: home, effects: effects, links: Links(home: home), admissions: admissions,
      backoff: backoff, clock: clock)
    self.instruments = instruments
    self.observe = observe
  }

  /// Executes a run until it ends or must wait, commits the result and returns it.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  public func advance(_ run: Run) throws(Problem) -> Run {
    guard case .rests(let run, let changes) = try execute(run, suspends: false) else { return run }
    if !changes.isEmpty { _ = try context.home.commit(changes) }
    return run
  }

  /// Executes a run until it ends or must wait, or until `isStopping` is true before a call.
  ///
  /// With `suspends` it waits in memory for a resource that it does not get.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  func execute(
    _ run: Run, suspends: Bool = true, isStopping: () -> Bool = { false }
  ) throws(Problem) -> RunOutcome {
    guard run.status == .pending else { return .rests(run, []) }
    if let canceled = try canceled(run) { return canceled }
    do throws(Problem) {
      return try execute(try start(run, suspends: suspends), isStopping: isStopping)
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      var run = run
      let changes = run.end(.failed, error.description, at: context.clock.now())
      run.body = nil
      return .rests(run, changes)
    }
  }

  /// The outcome of an execution that waits in memory, if a person has canceled its run meanwhile.
  func outcome(ofRecalled execution: RunExecution) throws(Problem) -> RunOutcome {
    try canceled(execution.run) ?? .suspended(execution)
  }

  /// The end of a run that a person has canceled.
  private func canceled(_ run: Run) throws(Problem) -> RunOutcome? {
    try RunStore(home: context.home).canceled(run, now: context.clock.now())
      .map { .rests($0.run, $0.changes) }
  }

  /// Starts the execution of a pending run, without making a call.
  ///
  /// - Throws: a problem with its flow connection; an `io` or `temporary` one if the store cannot be
  ///   used now.
  func start(_ run: Run, suspends: Bool = true) throws(Problem) -> RunExecution {
    var run = run
    if run.log.isEmpty { run.note("Run Started", "Success", at: context.clock.now()) }
    return try RunExecution(run, try flows.flow(run.flowConnection), context, suspends: suspends)
  }

  /// Continues an execution that another worker passed.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  func execute(_ passed: PassedRun, isStopping: () -> Bool) throws(Problem) -> RunOutcome {
    switch passed {
    case .unstarted(let run): return try execute(run, isStopping: isStopping)
    case .started(let execution, let reply):
      try execution.resume(with: reply)
      return try execute(execution, isStopping: isStopping)
    case .admitted(let execution, let use):
      if let canceled = try canceled(execution.run) { return canceled }
      try resume(execution, with: use)
      return try execute(execution, isStopping: isStopping)
    case .tired(let execution, let reason):
      execution.giveUpWaiting(reason)
      return outcome(of: execution)
    }
  }

  /// Lets an execution go on with what it waited for, up to its next call.
  func resume(_ execution: RunExecution, with use: ResourceUse) throws(Problem) {
    // A flow connection that is gone ends the run when it is begun anew.
    try execution.resume(with: use, in: try? flows.flow(execution.flowConnection))
  }

  private func execute(
    _ execution: RunExecution, isStopping: () -> Bool
  ) throws(Problem) -> RunOutcome {
    while !isStopping(), try call(execution) {}
    return outcome(of: execution)
  }

  func outcome(of execution: RunExecution) -> RunOutcome {
    execution.wanted == nil ? .rests(execution.run, execution.changes) : .suspended(execution)
  }

  /// Makes the next call of an execution, and performs what the reply asks for; false if there is none
  /// to be made now.
  func call(_ execution: RunExecution) throws(Problem) -> Bool {
    guard execution.wanted == nil, let invocation = execution.next else { return false }
    let use = execution.beginCall()
    guard execution.wanted == nil else { return false }
    let start = noteCall()
    let output: StepOutput
    do throws(Problem) {
      defer { noteAnswer(invocation, since: start) }
      output = try admissions.blocking { () throws(Problem) in
        try router.call(invocation.step, at: invocation.endpoint, with: invocation.line)
      }
      use?.end(.answered(isGood: true))
    } catch {
      use?.end(admissions.failure(error.description, since: start))
      try execution.resume(after: error)
      return true
    }
    guard let reply = try execution.read(output) else { return false }
    try execution.resume(with: reply)
    return true
  }

  /// Reports the start of a call, and returns its time for ``noteAnswer(_:since:)``.
  func noteCall() -> Double {
    observe(.calling)
    return context.clock.uptime()
  }

  /// Reports the end of a call.
  func noteAnswer(_ invocation: StepInvocation, since start: Double) {
    instruments?.stepCalled(invocation.step, seconds: context.clock.uptime() - start)
  }
}
