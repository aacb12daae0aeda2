import CLinux
import Glibc
import Kernel

/// The way in which a process ended.
public enum ExitStatus: Equatable, Sendable {
  /// It exited with a status.
  case exited(Int32)
  /// A signal ended it.
  case signalled(Int32)
}
