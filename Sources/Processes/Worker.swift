import Glibc
import Kernel

/// A process that answers one call after another: a line in, a line out.
///
/// Not thread-safe, though it may move between threads: a ``WorkerPool`` gives it to one caller at a
/// time. The process group is killed when the worker is released.
public final class Worker: @unchecked Sendable {
  /// The program that the worker runs.
  public let program: Program
  /// The number of calls answered so far.
  public private(set) var calls = 0

  /// Whether its first call was not answered in time: it may be of a program that answers only at the
  /// end of its input.
  private(set) var isNew = true

  private let process: PipedProcess
  private var output: BoundedBuffer
  private var error = BoundedBuffer(limit: Worker.maxError)
  /// Whether every answered line was read to its end.
  private var isInStep = true

  /// Bytes of standard error that are kept of each call; the rest is read and dropped, so that a worker
  /// never blocks on it.
  private static let maxError = 1 << 11

  /// The result of a call.
  ///
  /// After any other than an answer, nothing that the worker writes can be relied on.
  public enum Outcome: Equatable, Sendable {
    /// One whole line, without its end.
    case answer([UInt8])
    /// No answer came by the deadline.
    case timedOut
    /// More than one line came, or more than ``Program/maxOutput`` bytes.
    case outputExceeded
    /// The process exited, closed its output, or did not read its input.
    case closed
  }

  /// Starts a program.
  ///
  /// - Throws: if the process cannot be started.
  public init(_ program: Program) throws(SystemError) {
    self.program = program
    output = BoundedBuffer(limit: program.maxOutput)
    process = try PipedProcess(program)
  }

  /// Whether the process waits for a line and has written nothing since its last answer.
  public var isReady: Bool { isInStep && process.isQuiet }

  /// Standard error of the last call, at most its first 2 KiB.
  public var errorOutput: [UInt8] {
    while !error.isExceeded, readError() == .some {}
    return error.bytes
  }

  /// Writes a line and reads the answer.
  ///
  /// A process that answers before it has read the whole line counts as misbehaving, unless
  /// `acceptsEarlyAnswer`; after such an answer the worker is no longer ready.
  public func call(
    _ line: [UInt8], by deadline: Deadline, acceptsEarlyAnswer: Bool = false
  ) -> Outcome {
    var rest = input(line)
    while true {
      if !process.input.write(&rest) {
        guard acceptsEarlyAnswer else { return .closed }
        (isInStep, rest) = (false, [])
      }
      let ready = process.wait(writing: !rest.isEmpty, until: deadline)
      if ready.error { _ = readError() }
      if ready.output || ready.hasExited, let outcome = read() {
        guard case .answer = outcome, !rest.isEmpty else { return outcome }
        isInStep = false
        return acceptsEarlyAnswer ? outcome : .closed
      }
      if ready.hasExited { return .closed }
      if deadline.isOver { return .timedOut }
    }
  }

  /// Closes the input after a call that was not answered in time, and reads what a program answers that
  /// waits for the end of its input.
  ///
  /// Nothing else can be done with the worker after that.
  func answerAtEnd(by deadline: Deadline) -> [UInt8]? {
    process.input.close()
    while true {
      let ready = process.wait(writing: false, until: deadline)
      if ready.error { _ = readError() }
      if ready.output || ready.hasExited {
        switch read() {
        case .answer(let bytes): return bytes
        case .closed: return output.bytes.isEmpty ? nil : output.bytes
        case .outputExceeded, .timedOut: return nil
        case nil: if ready.hasExited { return output.bytes.isEmpty ? nil : output.bytes }
        }
      }
      if deadline.isOver { return nil }
    }
  }

  /// Waits until the process exits or a deadline has passed, then kills what is left of its group.
  public func end(by deadline: Deadline) -> ExitStatus { process.end(by: deadline) }

  // MARK: Multiplexing

  /// Writes a line that fits into an empty pipe; false if that fails.
  func begin(_ line: [UInt8]) -> Bool {
    var rest = input(line)
    return process.input.write(&rest) && rest.isEmpty
  }

  /// The number of descriptors to poll for an answer.
  static var pollCount: Int { 3 }

  /// Appends the descriptors to poll for an answer.
  func addPolls(to polls: inout [pollfd]) {
    for end in [process.output, process.error, process.exit] {
      polls.append(pollfd(fd: end.number, events: Int16(POLLIN), revents: 0))
    }
  }

  /// Reads as the result of a poll says, which begins at an index; nil while there is no outcome.
  func advance(_ polls: [pollfd], at index: Int) -> Outcome? {
    if polls[index + 1].revents != 0 { _ = readError() }
    let hasExited = polls[index + 2].revents != 0
    guard polls[index].revents != 0 || hasExited else { return nil }
    return read() ?? (hasExited ? .closed : nil)
  }

  // MARK: Private

  /// The bytes to write for a new call.
  private func input(_ line: [UInt8]) -> ArraySlice<UInt8> {
    _ = (output.take(), error.take())
    return (line + [0x0A])[...]
  }

  private func readError() -> Descriptor.ReadResult { process.error.read(into: &error) }

  /// Reads output; nil while the line is not whole.
  private func read() -> Outcome? {
    let start = output.bytes.count
    switch process.output.read(into: &output) {
    case .none: return nil
    case .end: return .closed
    case .some: break
    }
    guard !output.isExceeded else { return .outputExceeded }
    guard let end = output.bytes[start...].firstIndex(of: 0x0A) else { return nil }
    guard end == output.bytes.count - 1 else { return .outputExceeded }
    calls += 1
    isNew = isNew && process.input.isClosed
    var answer = output.take()
    answer.removeLast()
    return .answer(answer)
  }
}
