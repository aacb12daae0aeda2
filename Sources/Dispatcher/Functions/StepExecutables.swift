public import Catalog
public import HTTPClient
public import Processes
import StepKit
public import Values

/// Calls steps as executables of a folder, and those with a URL by HTTP.
///
/// An executable reads the invocation from standard input and writes the reply to standard output.
public struct StepExecutables: StepCaller {
  /// The folder of the executables.
  public let folder: String
  /// The limit of one call, in seconds.
  public let timeout: Double
  /// The memory limit of a process, in MiB; the steps of this repository use 6.
  public var memory: Int
  /// What a step may do beside computing; nil if it is not confined, as the scripts of tests.
  public var confinement: @Sendable (StepID) throws(Problem) -> Confinement? = { _ in Confinement()
  }

  private let pool: WorkerPool?
  private let remote: RemoteSteps
  private let children = ChildSet()
  /// More calls than one step may have at a time, so that a hung step leaves turns to others.
  private let turns = CallTurns(3 * Machine.cores)

  private static let maxReply = 1 << 20

  /// Creates a caller of the executables of a folder; without a pool, each call starts a process.
  public init(
    folder: String, timeout: Double = 10, memory: Int = 512, pool: PoolOptions? = nil,
    transport: any HTTPTransport = CurlClient()
  ) {
    self.folder = folder
    self.timeout = timeout
    self.memory = memory
    self.pool = pool.map { WorkerPool($0) }
    remote = RemoteSteps(transport: transport)
  }

  /// The number of warm workers.
  public var processCount: Int { pool?.count ?? 0 }

  /// Ends the idle workers.
  public func endIdle() { pool?.endIdle() }

  /// Kills all processes of the steps.
  public func endAll() { children.killAll() }

  /// Calls a step in a warm worker; in a new process if none is available or the worker fails, but not
  /// if it hangs.
  ///
  /// - Throws: an `unavailable` problem if the step gave no reply.
  public func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    if let destination {
      return try remote.call(
        step, at: destination, with: invocation, timeout: timeout, maxReply: Self.maxReply)
    }
    let program = try program(of: step)
    let turn = turns.take()
    defer { turns.end(turn) }
    switch pool?.answer(of: program, to: invocation, read: { try? StepOutput($0) }) {
    case .answer(let output): return output
    case .hung: throw hang(of: step)
    case .some(.none), nil: return try output(of: run(program, with: invocation), step)
    }
  }

  /// Makes concurrent calls in warm workers; nil without a pool.
  public func multiplexer<Tag>(tagged: Tag.Type) -> (any StepMultiplexer<Tag>)? {
    pool.map { pool in
      // Output that is not JSON is no answer.
      let calls = CallMultiplexer<Tag, StepOutput>(pool, turns: turns) { try? StepOutput($0) }
      return ExecutableMultiplexer(executables: self, calls: calls)
    }
  }

  fileprivate func program(of step: StepID) throws(Problem) -> Program {
    Program(
      path: "\(folder)/\(step.executable)", timeout: timeout, maxOutput: Self.maxReply,
      limits: ResourceLimits(memory: memory << 20), confinement: try confinement(step),
      children: children)
  }

  private func run(
    _ program: Program, with invocation: [UInt8]
  ) throws(Problem) -> Program.Result {
    do throws(SystemError) {
      return try program.run(input: invocation + [0x0A], takesLine: true)
    } catch {
      throw Problem(.unavailable, error.description)
    }
  }

  /// The output of a process that exited with status 0.
  private func output(of result: Program.Result, _ step: StepID) throws(Problem) -> StepOutput {
    let error = String(decoding: result.error.prefix(500), as: UTF8.self).truncated(to: 500)
      .nonBlank
    let hint = error.map { ": \($0)" } ?? ""
    switch result.ending {
    // As in a worker, a whole line is the reply, however the process ends after it.
    case .answered, .finished(.exited(0)): break
    case .finished where result.isLine: break
    case .finished(.exited(let status)): throw failure(step, "exited with status \(status)\(hint)")
    case .finished(.signalled(let signal)):
      throw failure(
        step, "was killed by signal \(signal); its memory limit is \(memory) MiB\(hint)")
    case .timedOut: throw hang(of: step, hint)
    case .outputExceeded: throw failure(step, "wrote more than 1 MiB and was killed\(hint)")
    }
    guard !result.output.isEmpty else { throw failure(step, "exited without a reply\(hint)") }
    do throws(JSONError) {
      return try StepOutput(result.output)
    } catch {
      throw failure(step, "wrote an invalid reply: \(error)")
    }
  }

  fileprivate func hang(of step: StepID, _ hint: String = "") -> Problem {
    failure(step, "gave no reply within \(timeout) s and was killed\(hint)")
  }

  private func failure(_ step: StepID, _ reason: String) -> Problem {
    Problem(.unavailable, "the function \(step) \(reason)")
  }
}

/// Makes concurrent calls in the workers of a pool.
private struct ExecutableMultiplexer<Tag>: StepMultiplexer {
  let executables: StepExecutables
  let calls: CallMultiplexer<Tag, StepOutput>

  var count: Int { calls.count }

  func start(_ step: StepID, with invocation: [UInt8], tag: Tag) -> Bool {
    // What keeps the step from being called is reported by the call that follows.
    guard let program = try? executables.program(of: step) else { return false }
    return calls.begin(program, with: invocation, tag: tag)
  }

  func wait(seconds: Double) -> [(tag: Tag, answer: CallAnswer<StepOutput>)] {
    calls.wait(seconds: seconds)
  }

  func hang(of step: StepID) -> Problem { executables.hang(of: step) }
}
