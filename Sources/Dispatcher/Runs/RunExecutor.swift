public import HTTPClient
public import Records
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
    let effects = EffectPerformer(
      home: home,
      client: APIClient(home: home, transport: transport, clock: clock, observe: observe),
      limiter: limiter ?? FileRequestLimiter(home: home), clock: clock, instruments: instruments)
    context = RunContext(
      home: home, effects: effects, links: Links(home: home), backoff: backoff, clock: clock)
    self.instruments = instruments
    self.observe = observe
  }

  /// Executes a run until it ends or must wait, commits the result and returns it.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  public func advance(_ run: Run) throws(Problem) -> Run {
    let (run, changes) = try execute(run)
    if !changes.isEmpty { _ = try context.home.commit(changes) }
    return run
  }

  /// Executes a run until it ends or must wait, or until `isStopping` is true before a call.
  ///
  /// - Returns: the run as it will be, and the changes to commit.
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  func execute(
    _ run: Run, isStopping: () -> Bool = { false }
  ) throws(Problem) -> (run: Run, changes: [Change]) {
    guard run.status == .pending else { return (run, []) }
    let runs = RunStore(home: context.home)
    if let canceled = try runs.canceled(run, now: context.clock.now()) { return canceled }
    do throws(Problem) {
      return try execute(try start(run), isStopping: isStopping)
    } catch {
      guard error.kind != .io, error.kind != .temporary else { throw error }
      var run = run
      let changes = run.end(.failed, error.description, at: context.clock.now())
      run.body = nil
      return (run, changes)
    }
  }

  /// Starts the execution of a pending run, without making a call.
  ///
  /// - Throws: a problem with its flow connection; an `io` or `temporary` one if the store cannot be
  ///   used now.
  func start(_ run: Run) throws(Problem) -> RunExecution {
    var run = run
    if run.log.isEmpty { run.note("Run Started", "Success", at: context.clock.now()) }
    return try RunExecution(run, try flows.flow(run.flowConnection), context)
  }

  /// Continues an execution, with the reply to its current call if that was already made.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be used now.
  func execute(
    _ execution: RunExecution, after reply: Reply<JSON>? = nil, isStopping: () -> Bool
  ) throws(Problem) -> (run: Run, changes: [Change]) {
    if let reply { try execution.resume(with: reply) }
    while let invocation = execution.next, !isStopping() {
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

  private func call(_ invocation: StepInvocation) throws(Problem) -> StepOutput {
    let start = noteCall()
    defer { noteAnswer(invocation, since: start) }
    return try router.call(invocation.step, at: invocation.endpoint, with: invocation.line)
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
