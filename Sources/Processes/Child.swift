import CLinux
import Glibc
import Kernel

/// A child process, which leads a process group of its own.
struct Child {
  let id: pid_t

  /// Starts a program with an empty environment, no arguments, default signal handling, and no
  /// descriptors but these.
  init(
    _ path: String, input: Descriptor, output: Descriptor, error: Descriptor
  ) throws(SystemError) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input.number, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.number, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, error.number, STDERR_FILENO)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    Self.makeIndependent(&attributes)
    var child = pid_t()
    let failure = path.withCString { path in
      var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: path), nil]
      var environment: [UnsafeMutablePointer<CChar>?] = [nil]
      return posix_spawn(&child, path, &actions, &attributes, &arguments, &environment)
    }
    guard failure == 0 else { throw SystemError("start \(path)", failure) }
    id = child
  }

  /// A descriptor that becomes readable when the process exits; closed where the kernel offers none,
  /// as before Linux 5.3 and in some containers.
  func exitDescriptor() -> Descriptor { Descriptor(pidfd_open(id, 0)) }

  /// Whether the process has exited.
  var hasExited: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0
      && info.si_signo == SIGCHLD
  }

  /// Kills what is left of the process group and reaps the process; must be called exactly once.
  func end() -> ExitStatus {
    // The process is not reaped yet, so no other group can have its number.
    _ = kill(-id, SIGKILL)  // fails if no process is left
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  private static func makeIndependent(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  }
}
