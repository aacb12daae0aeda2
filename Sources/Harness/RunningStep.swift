import Glibc
import Processes

/// A step's process, and our ends of its three pipes.
///
/// Nothing of what an engine keeps in our environment (credentials among it) reaches it.
final class RunningStep {
  let input: Descriptor
  let output: Descriptor
  let error: Descriptor
  private let child: Child

  /// Starts a program.
  init(_ path: String) throws(Fault) {
    do throws(SystemError) {
      let (input, output, error) = (try Pipe(), try Pipe(), try Pipe())
      child = try Child(path, input: input.read, output: output.write, error: error.write)
      (self.input, self.output, self.error) = (input.write, output.read, error.read)
    } catch {
      throw Fault(.notStarted, error.description)
    }
    for end in [input, output, error] { end.makeNonblocking() }
  }

  /// Kills what is left of the process's group and says how the process ended.
  func end() -> Child.Ending {
    defer { for end in [input, output, error] { end.close() } }
    return child.end()
  }

  /// Waits for a process that closed its output, until it has ended or the deadline has passed.
  func end(within deadline: Deadline) -> Child.Ending {
    while !deadline.isOver {
      var info = siginfo_t()
      let result = waitid(P_PID, id_t(child.id), &info, WEXITED | WNOHANG | WNOWAIT)
      if result == 0, info.si_signo == SIGCHLD { break }
      usleep(200)
    }
    return end()
  }
}
