import CLinux
import Glibc

/// The kernel's limits for a program, so that a faulty one cannot exhaust the machine.
///
/// The limits hold for each process; a forked child inherits them. They are set right after the start,
/// before the program is given its input, since `posix_spawn` cannot set any.
public struct ResourceLimits: Sendable {
  /// Bytes of writable memory (`RLIMIT_DATA`); further allocations fail.
  public let memory: Int

  /// Bytes of the largest file: steps need no file, and a faulty one must not fill the disk.
  private static let fileSize = 16 << 20

  /// Limits the memory to a number of bytes.
  public init(memory: Int) { self.memory = memory }

  func apply(to process: pid_t) {
    Self.limit(process, RLIMIT_DATA, to: memory)
    Self.limit(process, RLIMIT_FSIZE, to: Self.fileSize)
    // A core file would disclose the program's input.
    Self.limit(process, RLIMIT_CORE, to: 0)
  }

  private static func limit(_ process: pid_t, _ resource: __rlimit_resource, to value: Int) {
    var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
    // Fails only if the process has exited or has a stricter limit already.
    _ = prlimit(process, __rlimit_resource_t(resource.rawValue), &limit, nil)
  }
}
