import CLinux
import Glibc

/// A running step: its process, and our ends of its three pipes.
///
/// It has an empty environment, so nothing of what an engine keeps in ours (credentials among it)
/// reaches it, a process group of its own, and no other descriptor.
final class Child {
  let process: pid_t
  let input: Int32
  let output: Int32
  let error: Int32

  /// Starts a program.
  init(_ path: String) throws(Fault) {
    var pipes: [[Int32]] = []
    for _ in 0..<3 {
      var ends: [Int32] = [-1, -1]
      guard pipe2(&ends, O_CLOEXEC) == 0 else {
        let fault = Fault(.notStarted, "cannot make a pipe: \(Self.text(errno))")
        Self.close(pipes.flatMap(\.self))
        throw fault
      }
      pipes.append(ends)
    }
    let theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
    (input, output, error) = (pipes[0][1], pipes[1][0], pipes[2][0])
    for end in [input, output, error] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    var process = pid_t()
    let failure = Self.spawn(path, theirs, &process)
    self.process = process
    Self.close(theirs)
    guard failure == 0 else {
      Self.close([input, output, error])
      throw Fault(.notStarted, "cannot start \(path): \(Self.text(failure))")
    }
  }

  /// Kills what is left of the process's group and says how the process ended: as its status, or as
  /// the signal that ended it, negative.
  func end() -> Int32 {
    // Not waited for yet, so the number cannot be another group's; none left is no error.
    _ = kill(-process, SIGKILL)
    return wait()
  }

  /// Waits for a process that closed its output, until it has ended or the deadline has passed.
  func end(within deadline: Deadline) -> Int32 {
    while !deadline.isOver {
      var info = siginfo_t()
      let result = waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
      if result == 0, info.si_signo == SIGCHLD { break }
      usleep(200)
    }
    return end()
  }

  // MARK: Private

  private func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    Self.close([input, output, error])
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }

  private static func spawn(_ path: String, _ ends: [Int32], _ process: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, end) in ends.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
    }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    return path.withCString { path in
      var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: path), nil]
      var environment: [UnsafeMutablePointer<CChar>?] = [nil]
      return posix_spawn(&process, path, &actions, &attributes, &arguments, &environment)
    }
  }

  private static func close(_ ends: [Int32]) {
    for end in ends { _ = Glibc.close(end) }  // a pipe: nothing is lost by a failed close
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
