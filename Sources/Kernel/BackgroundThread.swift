import Glibc

/// A thread that runs one closure and can be joined.
///
/// Foundation's `Thread` would be the only reason to link Foundation.
public final class BackgroundThread: @unchecked Sendable {
  private var thread = pthread_t()
  /// Whether the system could create the thread; if not, the closure never runs.
  public let isStarted: Bool

  private final class Work {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread that runs a closure.
  public init(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body))
    let outcome = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    isStarted = outcome == 0
    if !isStarted { work.release() }
  }

  /// Waits until the closure returns; call it once.
  public func join() {
    guard isStarted else { return }
    // It fails only for a thread that was joined before.
    _ = pthread_join(thread, nil)
  }
}
