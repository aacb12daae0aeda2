import Glibc
import Processes
import Values

/// A process of its own group, fed by a pipe and read by two, that ends in time whatever it does.
///
/// Foundation's `Process` would do, at 50 ms a call: `waitUntilExit` polls.
struct ChildProcess {
  /// How a process ended.
  enum Ending: Equatable {
    /// Without us.
    case itself(Child.Ending)
    case tooLate
    case tooMuch
  }

  /// What is left of a process.
  struct Finished {
    let ending: Ending
    let output: [UInt8]
    let error: [UInt8]
  }

  let path: String
  /// Seconds from the start until the whole group is killed.
  let deadline: Double
  /// Bytes of output after which the whole group is killed.
  let largestOutput: Int
  /// What it may take of the machine.
  let restraint: Restraint

  /// A function that closes its input must not end us: the write fails with EPIPE instead.
  static let ignoresBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

  /// Bytes of standard error that are kept; the rest is read and dropped.
  private static let largestError = 1 << 16

  /// Starts the process, writes the input, and reads until it is done.
  ///
  /// - Throws: an `unavailable` problem if it cannot be started.
  func run(input: [UInt8]) throws(Problem) -> Finished {
    Self.ignoresBrokenPipes
    do throws(SystemError) {
      let input = Feed(pipe: try Pipe(), bytes: input)
      let output = Sink(pipe: try Pipe(), largest: largestOutput)
      let error = Sink(pipe: try Pipe(), largest: Self.largestError)
      defer { for end in [input.pipe, output.pipe, error.pipe] { end.close() } }
      let (child, life) = try start(input.pipe, output.pipe, error.pipe)
      return watch(child, life, input, output, error)
    } catch {
      throw Problem(.unavailable, error.description)
    }
  }

  private func watch(
    _ child: Child, _ life: Descriptor, _ input: Feed, _ output: Sink, _ error: Sink
  ) -> Finished {
    let end = Deadline(in: deadline)
    var cut: Ending?
    input.move()
    while cut == nil, !Self.move([input, output, error], life, until: end) {
      if output.isFull { cut = .tooMuch } else if end.isOver { cut = .tooLate }
    }
    // What the process leaves behind may hold the pipes open: its own end counts.
    let ending = child.end()
    while cut == nil, output.takes() { if output.isFull { cut = .tooMuch } }
    while error.takes(), !end.isOver {}
    return Finished(ending: cut ?? .itself(ending), output: output.bytes, error: error.bytes)
  }
}

// MARK: - Starting

extension ChildProcess {
  /// Starts it, restrained, and closes its ends of the pipes here; `life` is readable once it has ended.
  func start(
    _ input: Pipe, _ output: Pipe, _ error: Pipe
  ) throws(SystemError) -> (child: Child, life: Descriptor) {
    let child = try Child(path, input: input.read, output: output.write, error: error.write)
    for end in [input.read, output.write, error.write] { end.close() }
    restraint.apply(to: child.id)
    do throws(SystemError) {
      return (child, try child.life())
    } catch {
      _ = child.end()
      throw error
    }
  }
}

// MARK: - Pipes

extension ChildProcess {
  /// One end of a pipe that the loop looks after.
  class End {
    let pipe: Pipe
    let mine: Descriptor
    var events: Int16 { 0 }

    init(_ pipe: Pipe, mine: Descriptor) {
      self.pipe = pipe
      self.mine = mine
      mine.makeNonblocking()
    }

    var isClosed: Bool { mine.isClosed }

    func move() {}
  }

  /// The process's standard input.
  final class Feed: End {
    private var rest: ArraySlice<UInt8>
    override var events: Int16 { Int16(POLLOUT) }

    init(pipe: Pipe, bytes: [UInt8]) {
      rest = bytes[...]
      super.init(pipe, mine: pipe.write)
    }

    override func move() {
      let count = rest.withUnsafeBytes { Glibc.write(mine.number, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      let isBroken = count < 0 && errno != EAGAIN && errno != EINTR
      if rest.isEmpty || isBroken { mine.close() }
    }
  }

  /// The process's standard output or standard error.
  final class Sink: End {
    private(set) var bytes: [UInt8] = []
    private(set) var isFull = false
    private let largest: Int
    override var events: Int16 { Int16(POLLIN) }

    init(pipe: Pipe, largest: Int) {
      self.largest = largest
      super.init(pipe, mine: pipe.read)
    }

    override func move() { _ = takes() }

    /// Reads what is there; false when nothing was.
    func takes() -> Bool {
      guard !mine.isClosed else { return false }
      return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { part in
        let count = Glibc.read(mine.number, part.baseAddress, part.count)
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { mine.close() }
        guard count > 0 else { return count < 0 && errno == EINTR }
        let room = largest - bytes.count
        bytes += part.prefix(min(count, room))
        if count > room { isFull = true }
        return true
      }
    }
  }

  /// Waits until something can be moved, the process has ended or it is too late, and moves what can
  /// be; true if the process has ended.
  private static func move(_ ends: [End], _ life: Descriptor, until end: Deadline) -> Bool {
    let open = ends.filter { !$0.isClosed }
    var polls = open.map { pollfd(fd: $0.mine.number, events: $0.events, revents: 0) }
    polls.append(pollfd(fd: life.number, events: Int16(POLLIN), revents: 0))
    guard poll(&polls, nfds_t(polls.count), end.milliseconds) > 0 else { return false }
    for (end, poll) in zip(open, polls) where poll.revents != 0 { end.move() }
    return polls[open.count].revents != 0
  }
}
