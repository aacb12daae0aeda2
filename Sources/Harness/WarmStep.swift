import Processes
import Values

/// A step that is kept alive between calls.
///
/// A process that exits, misbehaves or is late is killed. If it had answered before, its call is tried
/// once more with a new process: the cause may be the state left by earlier calls, and a step has no
/// side effects. After a timeout there is no time left for that.
final class WarmStep {
  /// Seconds that one call may take, even if the engine allows more.
  static let timeout = 10.0
  /// Bytes of the longest reply, as in the dispatcher.
  private static let maxReply = 1 << 20

  private let program: Program
  private var worker: Worker?

  /// A step whose executable is at a path; it is started with its first call.
  init(_ path: String) {
    program = Program(path: path, timeout: Self.timeout, maxOutput: Self.maxReply)
  }

  /// The step's reply to a document: the line that it wrote, including the line end.
  func reply(to document: JSON, by deadline: Deadline) throws(InvocationError) -> [UInt8] {
    let deadline = deadline.orIn(Self.timeout)
    if let worker, !worker.isReady { self.worker = nil }
    let isWarm = worker != nil
    do throws(InvocationError) {
      return try call(document, deadline)
    } catch {
      guard isWarm, error.kind == .crashed || error.kind == .notAReply else { throw error }
      return try call(document, deadline)
    }
  }

  // MARK: Private

  private func call(_ document: JSON, _ deadline: Deadline) throws(InvocationError) -> [UInt8] {
    let worker = try takeWorker()
    switch worker.call(document.bytes, by: deadline, acceptsEarlyAnswer: true) {
    case .answer(let line):
      let reply = try? JSON(parsing: line)  // the reason why it is not JSON does not matter
      guard reply?["outcome"].string != nil else {
        throw InvocationError(.notAReply, "the step wrote something that is no reply")
      }
      self.worker = worker
      return line + [0x0A]
    case .timedOut:
      throw InvocationError(
        .tooLate, "the step gave no reply in time and was killed\(Self.hint(worker))")
    case .outputExceeded:
      throw InvocationError(
        .notAReply, "the step wrote more than \(Self.maxReply) bytes\(Self.hint(worker))")
    case .closed:
      throw Self.error(worker.end(by: deadline.orIn(1)), Self.hint(worker))
    }
  }

  /// The idle worker or a new one; it is given back after a good reply only.
  private func takeWorker() throws(InvocationError) -> Worker {
    defer { self.worker = nil }
    if let worker { return worker }
    do throws(SystemError) {
      return try Worker(program)
    } catch {
      throw InvocationError(.notStarted, error.description)
    }
  }

  /// The worker's standard error, to be appended to a sentence.
  private static func hint(_ worker: Worker) -> String {
    String(decoding: worker.errorOutput, as: UTF8.self).nonBlank.map { ": \($0)" } ?? ""
  }

  private static func error(_ status: ExitStatus, _ hint: String) -> InvocationError {
    switch status {
    case .exited(65):
      InvocationError(
        .notAnInvocation, hint.isEmpty ? "not an invocation" : String(hint.dropFirst(2)))
    case .exited(0): InvocationError(.notAReply, "the step ended without a reply\(hint)")
    case .exited(let status):
      InvocationError(.crashed, "the step ended with status \(status)\(hint)")
    case .signalled(let signal):
      InvocationError(.crashed, "the step was ended by signal \(signal)\(hint)")
    }
  }
}
