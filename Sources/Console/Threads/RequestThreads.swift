import Foundation

/// Threads that do work in the order in which it comes.
final class RequestThreads: Sendable {
  private final class Queue: @unchecked Sendable {
    // The condition guards both
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var isStopping = false

    func add(_ work: @escaping @Sendable () -> Void) {
      condition.withLock { waiting.append(work) }
      // `signal` can be lost in glibc before 2.41 (bug 25847)
      condition.broadcast()
    }

    /// The next work; nil once it is stopped.
    func next() -> (@Sendable () -> Void)? {
      condition.withLock {
        while waiting.isEmpty && !isStopping { condition.wait() }
        return isStopping ? nil : waiting.removeFirst()
      }
    }

    func stop() {
      condition.withLock {
        isStopping = true
        // Requests that are let go are answered
        waiting = []
      }
      condition.broadcast()
    }
  }

  private let queue = Queue()

  /// Starts threads, which last until ``stop()``.
  init(_ count: Int) {
    for _ in 0..<count {
      Thread { [queue] in while let work = queue.next() { work() } }.start()
    }
  }

  deinit { stop() }

  /// Has work done by the next thread that is free.
  func perform(_ work: @escaping @Sendable () -> Void) { queue.add(work) }

  /// Does no more work than what has begun.
  func stop() { queue.stop() }
}
