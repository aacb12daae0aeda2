import Glibc
import Synchronization

/// The running processes of some programs, so that they can be killed all at once.
public final class ChildSet: Sendable {
  /// The children that are not reaped.
  private let children = Mutex<Set<pid_t>>([])

  /// Creates an empty set.
  public init() {}

  func add(_ child: Child) { children.withLock { _ = $0.insert(child.id) } }

  /// Forgets a child, which is about to be reaped.
  func remove(_ child: Child) { children.withLock { _ = $0.remove(child.id) } }

  /// Kills all with their process groups; their calls end as those of killed programs.
  public func killAll() {
    // A child that is not reaped keeps its number, also while others are started and end.
    children.withLock { children in
      for child in children { _ = kill(-child, SIGKILL) }
    }
  }
}
