import Dispatch
import Processes
import StepKit
public import Values

/// The steps as executables: one call is a document in and a line out.
public struct Functions: Sendable {
  /// Where the executables are.
  public let folder: String
  /// How long a call may take, in seconds.
  public let deadline: Double
  /// How much memory a call may take, in MiB; a step of ours takes 6.
  public var memory: Int

  let pool: WorkerPool?
  private let remote = RemoteSteps()
  private var placing: Places?
  private static let largestReply = 1 << 20
  /// More at a time would only get into each other's way.
  private let turns = DispatchSemaphore(value: 2 * Machine.cores)

  /// The functions of a folder; without `warmth` each call is a process of its own.
  public init(
    folder: String, deadline: Double = 10, memory: Int = 512, warmth: Warmth? = nil
  ) {
    self.folder = folder
    self.deadline = deadline
    self.memory = memory
    pool = warmth.map { WorkerPool($0) }
  }

  /// The same, but that a step which has a place elsewhere is called there.
  func placed(by registry: Registry) -> Functions {
    var functions = self
    functions.placing = Places(registry)
    return functions
  }

  /// How many processes are kept for further calls.
  public var workers: Int { pool?.count ?? 0 }

  /// Ends the processes that are kept and not at work.
  public func end() { pool?.end() }

  /// Calls a step, at its place in a flow connection; the reply is the same whether a process was kept
  /// for it or not.
  ///
  /// - Throws: an `unavailable` problem where it gave no reply: it could not be started, took too
  ///   long, was killed, said nothing, or something that is not JSON.
  public func call(
    _ step: StepID, in flowConnection: String? = nil, with invocation: JSON
  ) throws(Problem) -> JSON {
    try call(step, at: place(of: step, in: flowConnection), with: invocation.bytes).value
  }

  /// The same with an invocation on one line, as runs are carried.
  public func call(_ step: StepID, with line: [UInt8]) throws(Problem) -> JSON {
    try call(step, at: place(of: step, in: nil), with: line).value
  }

  /// Where a step is called in a flow connection, if not on this machine.
  func place(of step: StepID, in flowConnection: String?) throws(Problem) -> Places.Place? {
    try placing?.place(of: step, in: flowConnection)
  }

  /// Calls a step where it is with an invocation on one line.
  func call(
    _ step: StepID, at place: Places.Place?, with invocation: [UInt8]
  ) throws(Problem) -> Said {
    if let place {
      return try remote.call(
        step, at: place, authorization: placing?.authorization(of: step, at: place),
        with: invocation, within: deadline, largest: Self.largestReply)
    }
    let program = program(of: step)
    let line = invocation + [0x0A]
    turns.wait()
    defer { turns.signal() }
    if let said = pool?.answer(of: program, to: line, read: { try? Said($0) }) { return said }
    return try reply(of: program.run(input: line), step)
  }

  /// The program of a step.
  func program(of step: StepID) -> ChildProcess {
    ChildProcess(
      path: "\(folder)/\(step.executable)", deadline: deadline, largestOutput: Self.largestReply,
      restraint: Restraint(memory: memory << 20))
  }

  /// Takes a turn to call something here, if there is one.
  func takeTurn() -> Bool { turns.wait(timeout: .now()) == .success }

  /// Gives a turn back.
  func endTurn() { turns.signal() }

  /// Exit 0 means: there is a reply on standard output, and it is the truth.
  private func reply(of finished: ChildProcess.Finished, _ step: StepID) throws(Problem) -> Said {
    let said = String(decoding: finished.error.prefix(500), as: UTF8.self).truncated(to: 500)
      .nonBlank
    let hint = said.map { ": \($0)" } ?? ""
    switch finished.ending {
    case .itself(.exited(0)): break
    case .itself(.exited(let status)): throw broke(step, "ended with status \(status)\(hint)")
    case .itself(.signalled(let signal)):
      throw broke(
        step, "was ended by signal \(signal); its memory is limited to \(memory) MiB\(hint)")
    case .tooLate: throw broke(step, "gave no reply within \(deadline) s and was killed\(hint)")
    case .tooMuch: throw broke(step, "wrote more than 1 MiB and was killed\(hint)")
    }
    guard !finished.output.isEmpty else { throw broke(step, "ended without a reply\(hint)") }
    do throws(JSONError) {
      return try Said(finished.output)
    } catch {
      throw broke(step, "wrote something that is no reply: \(error)")
    }
  }

  private func broke(_ step: StepID, _ how: String) -> Problem {
    Problem(.unavailable, "the function \(step) \(how)")
  }
}
