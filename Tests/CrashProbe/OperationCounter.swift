import Glibc
import Synchronization

/// Counts operations, and kills the process at the k-th.
final class OperationCounter: Sendable {
  private let operations = Atomic(0)
  private let crash: Int

  init(crashAt crash: Int) { self.crash = crash }

  /// The number of operations so far.
  var count: Int { operations.load(ordering: .relaxed) }

  func add() {
    if operations.add(1, ordering: .relaxed).newValue == crash { kill(getpid(), SIGKILL) }
  }
}
