import Dispatch
import Glibc
import Kernel
import Synchronization

/// The children of this process: one thread starts them all, and they can be killed all at once.
///
/// The kernel can kill a child with the thread that started it (`PR_SET_PDEATHSIG`), so that no child
/// outlives this process, however it ends. So that thread must live as long as the process.
public final class Nursery: Sendable {
  /// The nursery of this process.
  public static let shared = Nursery()

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
    /// The children that are not reaped.
    var children: Set<pid_t> = []
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

  /// Forgets a child, which is about to be reaped.
  func forget(_ child: Child) { state.withLock { _ = $0.children.remove(child.id) } }

  /// Kills all children with their process groups; their calls end as those of killed programs.
  public func killAll() {
    // A child that is not reaped keeps its number, also while others are started and end.
    state.withLock { state in
      for child in state.children { _ = kill(-child, SIGKILL) }
    }
  }

  private func run() {
    while true {
      hasJob.wait()
      guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else {
        continue
      }
      let result = job.start()
      if case .success(let child) = result {
        state.withLock { _ = $0.children.insert(child.id) }
      }
      job.result = result
      job.isOver.signal()
    }
  }
}
