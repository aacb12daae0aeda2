import Glibc
import Synchronization

/// An exclusive lock on a file: flock(2) between processes and a mutex between threads.
///
/// The kernel releases it when its process ends. Two objects for one path exclude each other, also
/// within a process.
public final class InterProcessLock: Sendable {
  /// The locked file, whose content belongs to the user of the lock.
  public let file: File
  private let threads = Mutex(())

  /// Creates a lock on an open file.
  public init(_ file: File) {
    self.file = file
  }

  /// Creates a lock on a file, which is created with mode 0600 if it does not exist.
  /// - Throws: `unavailable`.
  public convenience init(at path: String) throws(StoreError) {
    self.init(try LocalDisk().open(path, .create))
  }

  /// Runs a closure while it holds the lock; not reentrant.
  /// - Throws: `unavailable`, or what the closure throws.
  public func withLock<Result: Sendable>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try threads.withLock { _ throws(StoreError) in try withProcessLock(body) }
  }

  /// Runs a closure if nobody holds the lock.
  /// - Returns: The result of the closure, or nil if the lock is held.
  /// - Throws: `unavailable`, or what the closure throws.
  public func withLockIfAvailable<Result: Sendable>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    let result = try threads.withLockIfAvailable { _ throws(StoreError) -> Result? in
      guard try tryLock() else { return nil }
      defer { unlock() }
      return try body()
    }
    return result ?? nil
  }

  /// Excludes other threads only.
  ///
  /// The closure may call `withProcessLock`, but not `withLock`.
  func withThreadLock(_ body: () -> Void) {
    threads.withLock { _ in body() }
  }

  /// Excludes other processes only; requires `withThreadLock`.
  func withProcessLock<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try lock()
    defer { unlock() }
    return try body()
  }
}

/// The lock without its mutex, for a holder that keeps it beyond a closure or throws other errors.
///
/// Each holder needs an object of its own: a second `lock` of one object succeeds at once.
extension InterProcessLock {
  /// Waits for the lock, and takes it.
  /// - Throws: `unavailable`.
  public func lock() throws(StoreError) {
    _ = try check("flock", file.path) { Int(flock(file.descriptor, LOCK_EX)) }
  }

  /// Takes the lock if nobody holds it.
  /// - Returns: Whether it was taken.
  /// - Throws: `unavailable`.
  public func tryLock() throws(StoreError) -> Bool {
    if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw .last("flock", file.path) }
    return false
  }

  /// Releases the lock, also when a child process that is being started still shares the descriptor.
  public func unlock() {
    _ = flock(file.descriptor, LOCK_UN)  // It fails for an invalid descriptor only.
  }
}
