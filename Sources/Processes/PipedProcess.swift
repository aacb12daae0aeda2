import CLinux
import Glibc
import Kernel

/// A running program and the near ends of its pipes.
///
/// Its process group is killed when this object is released, if not before.
final class PipedProcess {
  let input: Descriptor
  let output: Descriptor
  let error: Descriptor
  /// Becomes readable when the process exits, see ``Child/exitDescriptor()``.
  let exit: Descriptor
  private let child: Child
  private let children: ChildSet?
  private var status: ExitStatus?

  /// A program that closes its input must not end this process: the write fails with EPIPE instead.
  private static let ignoresBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

  init(_ program: Program) throws(SystemError) {
    Self.ignoresBrokenPipes
    let (input, output, error) = (try Pipe(), try Pipe(), try Pipe())
    child = try Nursery.shared.start { () throws(SystemError) in
      try Child(program, input: input.read, output: output.write, error: error.write)
    }
    children = program.children
    children?.add(child)
    exit = child.exitDescriptor()
    (self.input, self.output, self.error) = (input.write, output.read, error.read)
    for end in [input.read, output.write, error.write] { end.close() }
    for end in [self.input, self.output, self.error] { end.makeNonblocking() }
  }

  deinit { _ = end() }

  /// Kills what is left of the process group, without waiting for its end.
  func kill() { if status == nil { child.kill() } }

  /// Kills what is left of the process group.
  func end() -> ExitStatus {
    if let status { return status }
    children?.remove(child)
    let status = child.end()
    self.status = status
    return status
  }

  /// Waits until the process exits or a deadline has passed, then kills what is left of its group.
  func end(by deadline: Deadline) -> ExitStatus {
    while status == nil, !child.hasExited, !deadline.isOver { usleep(200) }
    return end()
  }

  /// What a process is ready for; an end of file counts as readable, a broken pipe as writable.
  struct Readiness {
    var input = false
    var output = false
    var error = false
    var hasExited = false
  }

  /// Waits until there is something to read, room to write where wanted, the process has exited, or a
  /// deadline has passed.
  func wait(writing: Bool, until deadline: Deadline) -> Readiness {
    withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 4) { polls in
      for (index, end) in [output, error, exit, input].enumerated() {
        let events = Int16(index == 3 ? POLLOUT : POLLIN)
        polls[index] = pollfd(fd: end.number, events: events, revents: 0)
      }
      let timeout = exit.isClosed ? min(deadline.milliseconds, 10) : deadline.milliseconds
      let count = poll(polls.baseAddress, writing ? 4 : 3, timeout)
      var ready = Readiness()
      if exit.isClosed { ready.hasExited = child.hasExited }
      guard count > 0 else { return ready }
      if writing { ready.input = polls[3].revents != 0 }
      ready.output = polls[0].revents != 0
      ready.error = polls[1].revents != 0
      if !exit.isClosed { ready.hasExited = polls[2].revents != 0 }
      return ready
    }
  }

  /// Whether the process runs and has written no output that was not read.
  var isQuiet: Bool {
    withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { polls in
      polls[0] = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
      polls[1] = pollfd(fd: exit.number, events: Int16(POLLIN), revents: 0)
      return !output.isClosed && poll(polls.baseAddress, 2, 0) == 0
    }
  }
}
