import Glibc
import Synchronization

/// A gate that one thread of one process is through at a time: a mutex for the threads, flock(2)
/// for the processes.
///
/// The kernel opens it when a process dies in it.
final class Gate: Sendable {
  let file: File
  private let turn = Mutex(())

  init(_ file: File) {
    self.file = file
  }

  /// Waits for the other threads only; `pass` may not be used inside, `alone` may.
  func inTurn(_ body: () -> Void) {
    turn.withLock { _ in body() }
  }

  /// Waits for the other processes; wants this thread's turn.
  func alone<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    _ = try check("flock", file.path) { Int(flock(file.descriptor, LOCK_EX)) }
    defer { open() }
    return try body()
  }

  /// Waits for all others.
  func pass<Result: Sendable>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try turn.withLock { _ throws(StoreError) in try alone(body) }
  }

  /// Waits for nobody: nil when another is through the gate.
  func passIfFree<Result: Sendable>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    let passed = try turn.withLockIfAvailable { _ throws(StoreError) -> Result? in
      guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
        guard errno == EWOULDBLOCK || errno == EINTR else { throw .last("flock", file.path) }
        return nil
      }
      defer { open() }
      return try body()
    }
    return passed ?? nil
  }

  // MARK: Private

  private func open() {
    // It fails for a bad descriptor only, and closing opens the gate too.
    _ = flock(file.descriptor, LOCK_UN)
  }
}
