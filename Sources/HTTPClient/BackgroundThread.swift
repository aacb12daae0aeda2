import Glibc

/// A thread that does one thing and can be waited for.
///
/// Foundation's `Thread` would be the only reason to link Foundation.
public final class BackgroundThread: @unchecked Sendable {
  private var thread = pthread_t()
  /// Whether the system had room for it; if not, nothing is done.
  public let isStarted: Bool

  private final class Work {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  /// Starts.
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

  /// Waits for its end; once.
  public func join() {
    guard isStarted else { return }
    // It can only fail for a thread that was joined before.
    _ = pthread_join(thread, nil)
  }
}
