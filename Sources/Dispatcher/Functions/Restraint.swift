import CLinux
import Glibc

/// What a function may take of the machine, so that one that runs wild cannot take it down.
///
/// The kernel counts for each process; a child that it forks has the same limits. They are set right
/// after the start, since posix_spawn cannot set any: before the function is given its input.
struct Restraint {
  /// Bytes of memory that it may write to: beyond, it is given none.
  let memory: Int

  /// Bytes of the longest file: a step has no file, and one that makes one must not fill the disk.
  private static let file = 16 << 20

  /// Restrains a process.
  func apply(to process: pid_t) {
    Self.limit(process, RLIMIT_DATA, to: memory)
    Self.limit(process, RLIMIT_FSIZE, to: Self.file)
    // A core file would show to others what the function was told.
    Self.limit(process, RLIMIT_CORE, to: 0)
  }

  private static func limit(_ process: pid_t, _ resource: __rlimit_resource, to most: Int) {
    var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
    // It fails only for a process that is gone, or that a stricter limit holds already.
    _ = prlimit(process, __rlimit_resource_t(resource.rawValue), &limit, nil)
  }
}
