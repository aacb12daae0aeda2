import Glibc

/// Calls of several workers that one thread makes at the same time.
///
/// A call without a reliable answer must be made again by a process of its own, see ``WorkerPool``.
public final class CallMultiplexer<Tag, Answer> {
  private struct Call {
    let tag: Tag
    let worker: Worker
    let turn: CallTurns.Turn
    let deadline: Deadline
  }

  private let pool: WorkerPool
  private let turns: CallTurns
  private let read: ([UInt8]) -> Answer?
  private var calls: [Call] = []
  private var polls: [pollfd] = []

  /// Makes calls by the workers of a pool.
  ///
  /// Each call in progress holds one of the `turns`; `read` parses an answer, or returns nil if it is
  /// invalid.
  public init(
    _ pool: WorkerPool, turns: CallTurns, read: @escaping ([UInt8]) -> Answer?
  ) {
    (self.pool, self.turns, self.read) = (pool, turns, read)
  }

  deinit {
    for call in calls {
      turns.end(call.turn)
      pool.discard(call.worker, timedOut: call.deadline.isOver)
    }
  }

  /// Bytes of the longest line that is taken: an empty pipe takes it at once.
  private static var maxLine: Int { 32 << 10 }

  /// The number of calls in progress.
  public var count: Int { calls.count }

  /// Begins a call; false if it must be made by a process of its own.
  public func begin(_ program: Program, with line: [UInt8], tag: Tag) -> Bool {
    guard line.count < Self.maxLine, let turn = turns.takeNow() else { return false }
    if let worker = pool.take(program) {
      if worker.begin(line) {
        let deadline = Deadline(in: program.timeout)
        calls.append(Call(tag: tag, worker: worker, turn: turn, deadline: deadline))
        return true
      }
      pool.discard(worker, timedOut: false)
    }
    turns.end(turn)
    return false
  }

  /// Waits a number of seconds at most for any calls to end.
  ///
  /// An answer is ``CallAnswer/none`` if there is no reliable one.
  public func wait(seconds: Double) -> [(tag: Tag, answer: CallAnswer<Answer>)] {
    polls.removeAll(keepingCapacity: true)
    for call in calls { call.worker.addPolls(to: &polls) }
    let first = calls.map(\.deadline).min()
    _ = poll(&polls, nfds_t(polls.count), (first?.orIn(seconds) ?? Deadline(in: 0)).milliseconds)
    var ended: [(tag: Tag, answer: CallAnswer<Answer>)] = []
    var open: [Call] = []
    for (index, call) in calls.enumerated() {
      let outcome = call.worker.advance(polls, at: Worker.pollCount * index)
      if outcome == nil, !call.deadline.isOver {
        open.append(call)
        continue
      }
      ended.append((call.tag, end(call, outcome)))
    }
    calls = open
    return ended
  }

  private func end(_ call: Call, _ outcome: Worker.Outcome?) -> CallAnswer<Answer> {
    turns.end(call.turn)
    if case .answer(let bytes) = outcome, let answer = read(bytes) {
      pool.give(back: call.worker)
      return .answer(answer)
    }
    if outcome == nil { return pool.lateAnswer(of: call.worker, read) }
    pool.discard(call.worker, timedOut: false)
    return .none
  }
}
