/// What a program may do beside computing, reading its input and writing its output.
///
/// A confined program opens no file but its own and its libraries, and those only to read; it has no
/// sockets, starts no processes or threads, shares no memory, sends no signals, and has no privileges of
/// the user who starts it. All that is in force before its first instruction. What the kernel lacks
/// narrows this, see ``Protection``.
public struct Confinement: Sendable, Hashable {
  /// Files and folders that it may read and execute.
  public var files: [String]
  /// Whether it may open sockets.
  public var allowsNetwork: Bool
  /// Whether it may start threads.
  public var allowsThreads: Bool

  /// What all programs may do, and some of what only some may.
  public init(files: [String] = [], allowsNetwork: Bool = false, allowsThreads: Bool = false) {
    (self.files, self.allowsNetwork, self.allowsThreads) = (files, allowsNetwork, allowsThreads)
  }
}
