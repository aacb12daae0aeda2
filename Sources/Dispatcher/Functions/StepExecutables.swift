public import Catalog
import Dispatch
public import Processes
import StepKit
public import Values

/// Calls steps as executables of a folder: a document in, a line out.
public struct StepExecutables: StepCaller {
  /// The folder of the executables.
  public let folder: String
  /// Seconds that one call may take.
  public let timeout: Double
  /// MiB of memory that a process may use; the steps of this repository use 6.
  public var memory: Int

  private let pool: WorkerPool?
  private let remote = RemoteSteps()
  /// Limits the calls in progress: more would only compete for the processors.
  private let turns = DispatchSemaphore(value: 2 * Machine.cores)

  private static let maxReply = 1 << 20

  /// Calls the executables of a folder; without a `pool`, each call starts a process.
  public init(
    folder: String, timeout: Double = 10, memory: Int = 512, pool: PoolOptions? = nil
  ) {
    self.folder = folder
    self.timeout = timeout
    self.memory = memory
    self.pool = pool.map { WorkerPool($0) }
  }

  /// The number of warm workers.
  public var processCount: Int { pool?.count ?? 0 }

  /// Ends the idle workers.
  public func endIdle() { pool?.endIdle() }

  /// Calls a step by a warm worker if one is available and behaves, else by a process of its own.
  ///
  /// - Throws: an `unavailable` problem if the step gave no reply.
  public func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    if let destination {
      return try remote.call(
        step, at: destination, with: invocation, timeout: timeout, maxReply: Self.maxReply)
    }
    let program = program(of: step)
    turns.wait()
    defer { turns.signal() }
    if let output = pool?.answer(of: program, to: invocation, read: { try? StepOutput($0) }) {
      return output
    }
    return try output(of: run(program, with: invocation), step)
  }

  /// Calls by warm workers; nil without a pool.
  public func multiplexer<Tag>(tagged: Tag.Type) -> (any StepMultiplexer<Tag>)? {
    pool.map { pool in
      // Output that is not JSON is no answer.
      let calls = CallMultiplexer<Tag, StepOutput>(pool, turns: turns) { try? StepOutput($0) }
      return ExecutableMultiplexer(executables: self, calls: calls)
    }
  }

  fileprivate func program(of step: StepID) -> Program {
    Program(
      path: "\(folder)/\(step.executable)", timeout: timeout, maxOutput: Self.maxReply,
      limits: ResourceLimits(memory: memory << 20))
  }

  private func run(
    _ program: Program, with invocation: [UInt8]
  ) throws(Problem) -> Program.Result {
    do throws(SystemError) {
      return try program.run(input: invocation + [0x0A])
    } catch {
      throw Problem(.unavailable, error.description)
    }
  }

  /// The output of a process, which counts only with exit status 0.
  private func output(of result: Program.Result, _ step: StepID) throws(Problem) -> StepOutput {
    let error = String(decoding: result.error.prefix(500), as: UTF8.self).truncated(to: 500)
      .nonBlank
    let hint = error.map { ": \($0)" } ?? ""
    switch result.ending {
    case .finished(.exited(0)): break
    case .finished(.exited(let status)): throw failure(step, "ended with status \(status)\(hint)")
    case .finished(.signalled(let signal)):
      throw failure(
        step, "was ended by signal \(signal); its memory is limited to \(memory) MiB\(hint)")
    case .timedOut: throw failure(step, "gave no reply within \(timeout) s and was killed\(hint)")
    case .outputExceeded: throw failure(step, "wrote more than 1 MiB and was killed\(hint)")
    }
    guard !result.output.isEmpty else { throw failure(step, "ended without a reply\(hint)") }
    do throws(JSONError) {
      return try StepOutput(result.output)
    } catch {
      throw failure(step, "wrote something that is no reply: \(error)")
    }
  }

  private func failure(_ step: StepID, _ how: String) -> Problem {
    Problem(.unavailable, "the function \(step) \(how)")
  }
}

/// Calls executables in the workers of a pool.
private struct ExecutableMultiplexer<Tag>: StepMultiplexer {
  let executables: StepExecutables
  let calls: CallMultiplexer<Tag, StepOutput>

  var count: Int { calls.count }

  func begin(_ step: StepID, with invocation: [UInt8], tag: Tag) -> Bool {
    calls.begin(executables.program(of: step), with: invocation, tag: tag)
  }

  func wait(seconds: Double) -> [(tag: Tag, answer: StepOutput?)] { calls.wait(seconds: seconds) }
}
