/// The kernel's limits for a program, so that a faulty one cannot exhaust the machine.
///
/// The limits hold for each process; a forked child inherits them. They are in force before the program
/// begins. There are no core files, which would disclose the program's input.
public struct ResourceLimits: Sendable {
  /// Bytes of writable memory (`RLIMIT_DATA`); further allocations fail.
  public let memory: Int

  /// Bytes of the largest file: steps need no file, and a faulty one must not fill the disk.
  static let fileSize = 16 << 20

  /// Limits the memory to a number of bytes.
  public init(memory: Int) { self.memory = memory }
}
