import CLinux
import Glibc

/// A process that was started here, with all that it starts: a group of its own.
public struct Child: Sendable {
  /// How a process ended.
  public enum Ending: Equatable, Sendable {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)
  }

  /// The system's number for it.
  public let id: Int32

  /// Starts a program, with an empty environment, no signal blocked or ignored, and no descriptor but
  /// these.
  public init(
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

  /// What is readable once the process has ended.
  public func life() throws(SystemError) -> Descriptor {
    let life = Descriptor(pidfd_open(id, 0))
    guard !life.isClosed else { throw SystemError("watch process \(id)", errno) }
    return life
  }

  /// Ends what is left of the group, and says how the process itself ended; to be asked once.
  public func end() -> Ending {
    // The child is not waited for yet, so its number cannot be another group's.
    _ = kill(-id, SIGKILL)  // none left is no error
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
