import CLinux
import Glibc

/// A process of its own group, fed by a pipe and read by two, that ends in time whatever it does.
///
/// Foundation's `Process` would do, at 50 ms a call: `waitUntilExit` polls.
struct ChildProcess {
  /// How a process ended.
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
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
    let input = Feed(pipe: try Self.pipe(), bytes: input)
    let output = Sink(pipe: try Self.pipe(), largest: largestOutput)
    let error = Sink(pipe: try Self.pipe(), largest: Self.largestError)
    defer { for end in [input.pipe, output.pipe, error.pipe] { end.closeBoth() } }
    let child = try start(input.pipe, output.pipe, error.pipe)
    for end in [input.pipe.read, output.pipe.write, error.pipe.write] { end.close() }
    // Readable once the process has ended.
    let life = Descriptor(pidfd_open(child, 0))
    defer { life.close() }
    guard !life.isClosed else {
      let reason = String(cString: strerror(errno))
      _ = Self.end(child)
      throw Problem(.unavailable, "cannot watch \(path): \(reason)")
    }
    return watch(child, life, input, output, error)
  }

  private func watch(
    _ child: pid_t, _ life: Descriptor, _ input: Feed, _ output: Sink, _ error: Sink
  ) -> Finished {
    let end = Self.now() + deadline
    var cut: Ending?
    input.move()
    while cut == nil, !Self.move([input, output, error], life, until: end) {
      if output.isFull { cut = .tooMuch } else if Self.now() >= end { cut = .tooLate }
    }
    // What the process leaves behind may hold the pipes open: its own end counts.
    let ending = Self.end(child)
    while cut == nil, output.takes() { if output.isFull { cut = .tooMuch } }
    while error.takes(), Self.now() < end {}
    return Finished(ending: cut ?? ending, output: output.bytes, error: error.bytes)
  }

  /// Ends what is left of a process's group, and says how the process itself ended.
  static func end(_ child: pid_t) -> Ending {
    // The child is not waited for yet, so its number cannot be another group's.
    _ = kill(-child, SIGKILL)  // none left is no error
    return wait(for: child)
  }

  private static func wait(for child: pid_t) -> Ending {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

// MARK: - Starting

extension ChildProcess {
  /// Starts with an empty environment, a process group of its own, and no descriptor but the three
  /// pipes.
  func start(_ input: Pipe, _ output: Pipe, _ error: Pipe) throws(Problem) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input.read.number, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.write.number, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, error.write.number, STDERR_FILENO)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var child = pid_t()
    let failure = path.withCString { path in
      var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: path), nil]
      var environment: [UnsafeMutablePointer<CChar>?] = [nil]
      return posix_spawn(&child, path, &actions, &attributes, &arguments, &environment)
    }
    guard failure == 0 else {
      throw Problem(.unavailable, "cannot start \(path): \(String(cString: strerror(failure)))")
    }
    restraint.apply(to: child)
    return child
  }

  static func pipe() throws(Problem) -> Pipe {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else {
      throw Problem(.unavailable, "cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    return Pipe(read: Descriptor(ends[0]), write: Descriptor(ends[1]))
  }
}

// MARK: - Pipes

extension ChildProcess {
  /// An open file that is closed once.
  final class Descriptor {
    private(set) var number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close() }

    func close() {
      if number >= 0 { _ = Glibc.close(number) }  // a pipe: nothing is lost by a failed close
      number = -1
    }

    var isClosed: Bool { number < 0 }

    func makeNonblocking() { _ = fcntl(number, F_SETFL, O_NONBLOCK) }
  }

  /// The two ends of a pipe.
  struct Pipe {
    let read: Descriptor
    let write: Descriptor

    func closeBoth() {
      read.close()
      write.close()
    }
  }

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
  private static func move(_ ends: [End], _ life: Descriptor, until end: Double) -> Bool {
    let open = ends.filter { !$0.isClosed }
    var polls = open.map { pollfd(fd: $0.mine.number, events: $0.events, revents: 0) }
    polls.append(pollfd(fd: life.number, events: Int16(POLLIN), revents: 0))
    guard poll(&polls, nfds_t(polls.count), milliseconds(until: end)) > 0 else { return false }
    for (end, poll) in zip(open, polls) where poll.revents != 0 { end.move() }
    return polls[open.count].revents != 0
  }

  /// How long poll(2) may wait until a time of ``now()``.
  static func milliseconds(until end: Double) -> Int32 {
    Int32(min(max((end - now()) * 1000, 0), 1e9).rounded(.up))
  }
}
