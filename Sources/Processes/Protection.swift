import CConfine

/// How far this machine confines programs.
public struct Protection: Sendable, Equatable {
  /// The version of Landlock, which confines files, from version 4 connections, and from version 6
  /// signals; 0 without it.
  public let landlock: Int
  /// Whether system calls are filtered.
  public let filtersCalls: Bool

  /// The protection of a machine.
  public init(landlock: Int, filtersCalls: Bool) {
    (self.landlock, self.filtersCalls) = (landlock, filtersCalls)
  }

  /// The protection of this machine.
  public static let here = Protection(
    landlock: Int(meterbridge_landlock_version()), filtersCalls: meterbridge_has_seccomp() != 0)

  /// What a confined program cannot do here.
  public var promises: [String] {
    (landlock > 0 ? ["open files other than their own"] : [])
      + (filtersCalls
        ? [
          "write files", "open sockets", "start processes", "share memory", "send signals",
        ] : landlock > 0 ? ["write files"] + (landlock >= 4 ? ["open TCP connections"] : []) : [])
  }

  /// What a confined program can do here, and could not with a newer kernel or another container.
  public var gaps: [String] {
    (landlock > 0 ? [] : ["read files of the user who runs meterbridge"])
      + (filtersCalls
        ? []
        : ["use the network", "start processes", "use shared memory beyond their limit"]
          + (landlock > 0 ? [] : ["write files"]))
  }
}
