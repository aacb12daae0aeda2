import Catalog
import Glibc
import Processes
import StepKit
import Values

/// Calls of steps on this machine that one thread makes at a time, each by a process that is kept.
///
/// What is said here of a worker's answer is what ``WorkerPool`` says: one that misbehaves is ended,
/// and its call is to be made again by itself.
final class Calls<Tag> {
  private struct Call {
    let tag: Tag
    let worker: Worker
    let program: ChildProcess
    let end: Deadline
  }

  private let functions: Functions
  private let pool: WorkerPool
  private var calls: [Call] = []
  private var polls: [pollfd] = []

  /// None, where no processes are kept.
  init?(_ functions: Functions) {
    guard let pool = functions.pool else { return nil }
    self.functions = functions
    self.pool = pool
  }

  deinit {
    for call in calls { end(call, isGood: false) }
  }

  /// A pipe that is empty takes a line of so many bytes at once.
  private static var longest: Int { 32 << 10 }

  /// How many calls have no answer yet.
  var count: Int { calls.count }

  /// Begins a call; false where it is to be made by itself.
  func begin(_ step: StepID, with invocation: [UInt8], tag: Tag) -> Bool {
    guard invocation.count < Self.longest, functions.takeTurn() else { return false }
    let program = functions.program(of: step)
    if let worker = pool.take(program) {
      if worker.begin(invocation) {
        let end = Deadline(in: program.deadline)
        calls.append(Call(tag: tag, worker: worker, program: program, end: end))
        return true
      }
      pool.drop(worker, of: program)
    }
    functions.endTurn()
    return false
  }

  /// Waits for answers, at most so many seconds; nil for one is no answer to rely on.
  func wait(seconds: Double) -> [(tag: Tag, said: Said?)] {
    polls.removeAll(keepingCapacity: true)
    for call in calls { call.worker.addPolls(to: &polls) }
    let first = calls.map(\.end).min()
    _ = poll(&polls, nfds_t(polls.count), (first?.orIn(seconds) ?? Deadline(in: 0)).milliseconds)
    var answered: [(tag: Tag, said: Said?)] = []
    var open: [Call] = []
    for (index, call) in calls.enumerated() {
      let heard = call.worker.hear(
        polls, at: 3 * index, largest: call.program.largestOutput)
      switch heard {
      case .answer(let bytes):
        let said = try? Said(bytes)  // what is no document is no answer
        end(call, isGood: said != nil)
        answered.append((call.tag, said))
      case .nothing where !call.end.isOver: open.append(call)
      case .nothing, .broken:
        end(call, isGood: false)
        answered.append((call.tag, nil))
      }
    }
    calls = open
    return answered
  }

  private func end(_ call: Call, isGood: Bool) {
    functions.endTurn()
    if isGood {
      pool.give(call.worker, back: call.program.path)
    } else {
      call.worker.noteLateness(since: call.end)
      pool.drop(call.worker, of: call.program)
    }
  }
}
