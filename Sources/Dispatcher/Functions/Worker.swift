import Glibc
import Processes

/// A step's process that is kept: a line in, a line out, as often as its owner likes.
///
/// It is started and ended as a ``ChildProcess`` is, and belongs to one thread at a time: whoever took
/// it out of the ``WorkerPool``, hence unchecked.
final class Worker: @unchecked Sendable {
  /// How many calls it has answered.
  private(set) var calls = 0
  /// Whether it gave no answer in time.
  private(set) var wasLate = false

  /// What it said of an answer that is not whole.
  private var heard: [UInt8] = []
  /// What it waits for, kept for its room.
  private var polls: [pollfd] = []
  private let child: Child
  /// Readable once the process has ended.
  private let life: Descriptor
  private let input: Descriptor
  private let output: Descriptor
  private let error: Descriptor
  private let scratch: UnsafeMutableRawBufferPointer

  /// Starts a program.
  ///
  /// - Throws: where it cannot be started.
  init(_ program: ChildProcess) throws(SystemError) {
    ChildProcess.ignoresBrokenPipes
    let (input, output, error) = (try Pipe(), try Pipe(), try Pipe())
    (child, life) = try program.start(input, output, error)
    (self.input, self.output, self.error) = (input.write, output.read, error.read)
    // Only now: where it does not start there is no deinit to give it back
    scratch = .allocate(byteCount: 1 << 16, alignment: 16)
    for end in [self.input, self.output, self.error] { end.makeNonblocking() }
  }

  deinit {
    for end in [input, output, error, life] { end.close() }
    _ = child.end()
    scratch.deallocate()
  }

  /// Whether it waits for a line and has said nothing since its last answer.
  var isReady: Bool {
    withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { polls in
      polls[0] = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
      polls[1] = pollfd(fd: life.number, events: Int16(POLLIN), revents: 0)
      return poll(polls.baseAddress, 2, 0) == 0
    }
  }

  /// Its answer to a line, without the line's end.
  ///
  /// Nil where it gave none in time, ended, or said more than one line of at most so many bytes: then
  /// nothing that it may still say is to be believed.
  func answer(_ line: [UInt8], within seconds: Double, largest: Int) -> [UInt8]? {
    let end = Deadline(in: seconds)
    var rest = line[...]
    var answer: [UInt8] = []
    while write(&rest) {
      let isAlive = wait(writing: !rest.isEmpty, until: end)
      switch read(&answer) {
      case .line where rest.isEmpty:
        calls += 1
        return answer
      case .part where answer.count <= largest && isAlive:
        wasLate = end.isOver
        if wasLate { return nil }
      case .line, .part, .broken: return nil
      }
    }
    return nil
  }
}

// MARK: - One of several

extension Worker {
  /// What came of a line so far.
  enum Heard {
    case nothing
    case answer([UInt8])
    case broken
  }

  /// Adds what to wait for: an answer, complaints, the end.
  func addPolls(to polls: inout [pollfd]) {
    polls.append(pollfd(fd: output.number, events: Int16(POLLIN), revents: 0))
    polls.append(pollfd(fd: error.number, events: Int16(POLLIN), revents: 0))
    polls.append(pollfd(fd: life.number, events: Int16(POLLIN), revents: 0))
  }

  /// Writes a line that its empty input has room for; false where that does not work.
  func begin(_ line: [UInt8]) -> Bool {
    heard = []
    var rest = (line + [0x0A])[...]
    return write(&rest) && rest.isEmpty
  }

  /// Reads what it has said, as was found by what ``addPolls(to:)`` adds, which begins there.
  func hear(_ polls: [pollfd], at index: Int, largest: Int) -> Heard {
    if polls[index + 1].revents != 0 { dropComplaints() }
    guard polls[index].revents != 0 else {
      return polls[index + 2].revents == 0 ? .nothing : .broken
    }
    switch read(&heard) {
    case .line:
      calls += 1
      return .answer(heard)
    case .part where heard.count <= largest: return .nothing
    case .part, .broken: return .broken
    }
  }

  /// Says that it was late, if it is by now.
  func noteLateness(since end: Deadline) { wasLate = end.isOver }

  /// What it says on standard error is dropped, so that it never waits for a reader.
  private func dropComplaints() {
    if Glibc.read(error.number, scratch.baseAddress, scratch.count) == 0 {
      error.close()  // at its end it would stay readable
    }
  }
}

// MARK: - Pipes

extension Worker {
  /// What its standard output holds.
  private enum Found {
    case line
    case part
    case broken
  }

  /// Writes what fits into its standard input; false where nobody reads that any more.
  private func write(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard !rest.isEmpty else { return true }
    let count = rest.withUnsafeBytes { Glibc.write(input.number, $0.baseAddress, $0.count) }
    guard count > 0 else { return errno == EAGAIN || errno == EINTR }
    rest = rest.dropFirst(count)
    return true
  }

  private func read(_ answer: inout [UInt8]) -> Found {
    let count = Glibc.read(output.number, scratch.baseAddress, scratch.count)
    guard count > 0 else {
      return count < 0 && (errno == EAGAIN || errno == EINTR) ? .part : .broken
    }
    let part = scratch[..<count]
    guard let end = part.firstIndex(of: 0x0A) else {
      answer += part
      return .part
    }
    guard end == part.endIndex - 1 else { return .broken }
    answer += part.dropLast()
    return .line
  }

  /// Waits until there is something to read or room to write; false if the process has ended.
  private func wait(writing: Bool, until end: Deadline) -> Bool {
    polls.removeAll(keepingCapacity: true)
    addPolls(to: &polls)
    if writing { polls.append(pollfd(fd: input.number, events: Int16(POLLOUT), revents: 0)) }
    guard poll(&polls, nfds_t(polls.count), end.milliseconds) > 0 else {
      return true
    }
    if polls[1].revents != 0 { dropComplaints() }
    return polls[2].revents == 0
  }
}
