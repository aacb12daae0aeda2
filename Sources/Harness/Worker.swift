import Glibc
import Processes
import StepKit
import Values

/// A step kept alive: a document in, a line out, as often as it is asked.
///
/// A process that dies, lies or is late is killed. If it had answered before, its call is tried once
/// more, on a fresh process: the fault may be what earlier calls left behind, and a step does
/// nothing that could be done twice. One that is late has used up the time for that.
final class Worker {
  /// How long one call may take, whatever the engine allows, in seconds.
  static let longest = 10.0

  private let path: String
  private var running: RunningStep?

  init(_ path: String) { self.path = path }

  deinit { _ = running?.end() }

  /// The step's reply to a document, as the step wrote it, the end of the line included.
  func reply(to document: JSON, until deadline: Deadline) throws(Fault) -> [UInt8] {
    let deadline = deadline.orIn(Self.longest)
    if let running, hasSpoken(running) { end() }
    let isWarm = running != nil
    do throws(Fault) {
      return try exchange(document, deadline)
    } catch {
      guard isWarm, error.kind == .crashed || error.kind == .notAReply else { throw error }
      return try exchange(document, deadline)
    }
  }

  // MARK: Private

  private func end() {
    _ = running?.end()
    running = nil
  }

  /// Whether a process wrote something that nobody asked for, or is gone.
  private func hasSpoken(_ running: RunningStep) -> Bool {
    var look = pollfd(fd: running.output.number, events: Int16(POLLIN), revents: 0)
    return poll(&look, 1, 0) != 0
  }

  private func exchange(_ document: JSON, _ deadline: Deadline) throws(Fault) -> [UInt8] {
    let running = try started()
    var call = Exchange(running, document.bytes + [0x0A])
    let ending = call.run(until: deadline)
    if ending != .line { self.running = nil }
    let hint = String(decoding: call.error, as: UTF8.self).nonBlank.map { ": \($0)" } ?? ""
    switch ending {
    case .line: return try reply(call.output)
    case .tooLate:
      _ = running.end()
      throw Fault(.tooLate, "the step gave no reply in time and was killed\(hint)")
    case .tooMuch:
      _ = running.end()
      throw Fault(.notAReply, "the step wrote more than \(Exchange.largest) bytes\(hint)")
    case .over:
      throw Self.fault(running.end(within: deadline.orIn(1)), hint)
    }
  }

  private func started() throws(Fault) -> RunningStep {
    if let running { return running }
    let new = try RunningStep(path)
    running = new
    return new
  }

  private static func fault(_ ending: Child.Ending, _ hint: String) -> Fault {
    switch ending {
    case .exited(65):
      Fault(.notAnInvocation, hint.isEmpty ? "not an invocation" : String(hint.dropFirst(2)))
    case .exited(0): Fault(.notAReply, "the step ended without a reply\(hint)")
    case .signalled(let signal): Fault(.crashed, "the step was ended by signal \(signal)\(hint)")
    case .exited(let status): Fault(.crashed, "the step ended with status \(status)\(hint)")
    }
  }

  private func reply(_ line: [UInt8]) throws(Fault) -> [UInt8] {
    let document = try? JSON(parsing: line)  // whatever it is instead is no reply
    guard document?["outcome"].string != nil else {
      end()
      throw Fault(.notAReply, "the step wrote something that is no reply")
    }
    return line
  }
}
