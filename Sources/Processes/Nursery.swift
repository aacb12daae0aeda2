import Dispatch
import Glibc
import Kernel
import Synchronization

/// Starts the children of this process, all on one thread.
///
/// The kernel can kill a child with the thread that started it (`PR_SET_PDEATHSIG`), so that no child
/// outlives this process, however it ends. So that thread must live as long as the process.
final class Nursery: Sendable {
  /// The nursery of this process.
  static let shared = Nursery()

  /// A start, and the semaphore of the thread that waits for it.
  private final class Job: @unchecked Sendable {
    let start: @Sendable () -> Result<Child, SystemError>
    let isOver = DispatchSemaphore(value: 0)
    /// Written before `isOver` is signalled, read after.
    var result: Result<Child, SystemError>?

    init(_ start: @escaping @Sendable () -> Result<Child, SystemError>) { self.start = start }
  }

  private struct State {
    var jobs: [Job] = []
    var thread: BackgroundThread?
  }

  private let state = Mutex(State())
  private let hasJob = DispatchSemaphore(value: 0)

  /// Starts a child on the thread of the nursery.
  ///
  /// - Throws: what `start` throws; `EAGAIN` if there is no thread.
  func start(
    _ start: @escaping @Sendable () throws(SystemError) -> Child
  ) throws(SystemError) -> Child {
    let job = Job { Result { () throws(SystemError) in try start() } }
    let isTaken = state.withLock { state in
      if state.thread?.isStarted != true { state.thread = BackgroundThread { [self] in run() } }
      guard state.thread?.isStarted == true else { return false }
      state.jobs.append(job)
      return true
    }
    guard isTaken else { throw SystemError("start a thread", EAGAIN) }
    hasJob.signal()
    job.isOver.wait()
    guard let result = job.result else { throw SystemError("start a program", EAGAIN) }
    return try result.get()
  }

  private func run() {
    while true {
      hasJob.wait()
      guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else {
        continue
      }
      job.result = job.start()
      job.isOver.signal()
    }
  }
}
