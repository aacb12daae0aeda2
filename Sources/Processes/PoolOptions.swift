import Glibc

/// The size of a ``WorkerPool`` and the lifetime of its workers.
public struct PoolOptions: Sendable {
  /// The maximum number of workers, busy or idle; beyond it, the longest idle worker is replaced.
  public var maxWorkers: Int
  /// The number of calls after which a worker is replaced.
  public var maxCalls: Int
  /// The number of seconds after which an idle worker is ended.
  public var idleTimeout: Double

  /// Creates options; without arguments, the defaults of the command line.
  public init(
    maxWorkers: Int = 8 * Machine.cores, maxCalls: Int = 1000, idleTimeout: Double = 30
  ) {
    (self.maxWorkers, self.maxCalls, self.idleTimeout) = (maxWorkers, maxCalls, idleTimeout)
  }
}
