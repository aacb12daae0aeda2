import Glibc

/// How long, and how many of, the steps' processes are kept for further calls.
public struct Warmth: Sendable {
  /// How many processes are kept in all; beyond that, the one that was idle longest makes room.
  public var most: Int
  /// How many calls a process answers before a new one takes its place.
  public var calls: Int
  /// Seconds after which an idle process is ended.
  public var idle: Double

  /// What a user gets who says nothing.
  public init(most: Int = 8 * Machine.cores, calls: Int = 1000, idle: Double = 30) {
    self.most = most
    self.calls = calls
    self.idle = idle
  }
}

/// What this machine has.
public enum Machine {
  /// How many processors there are to work on.
  public static let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
}
