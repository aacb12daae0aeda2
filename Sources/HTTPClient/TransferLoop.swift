import CCurl
import Dispatch
import Glibc
import Kernel
import Synchronization

/// Performs the transfers of many threads on one thread of its own, with libcurl's multi interface.
///
/// The loop owns the connections: an idle one takes the next transfer to its server. It takes one
/// transfer at a time, over HTTP/2 too: if a server closed a connection with several, one could not
/// tell which requests it saw.
final class TransferLoop: Sendable {
  /// A transfer and the semaphore of the thread that waits for it.
  private final class Job: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
    let isOver = DispatchSemaphore(value: 0)
    /// The result: written before `isOver` is signalled, read after.
    var code = CURLE_FAILED_INIT

    init(_ handle: UnsafeMutableRawPointer) { self.handle = handle }

    func end(_ code: CURLcode) {
      self.code = code
      isOver.signal()
    }
  }

  private struct Inbox {
    var jobs: [Job] = []
    var thread: BackgroundThread?
    var isEnding = false
  }

  /// The most idle connections; beyond them the oldest is closed.
  private static let mostConnections = 64

  /// Used by the loop's thread only, except for `curl_multi_wakeup`, which is thread-safe.
  private nonisolated(unsafe) let multi: UnsafeMutableRawPointer
  private let inbox = Mutex(Inbox())

  /// A loop without connections; nil if memory or descriptors are out.
  init?() {
    guard let multi = curl_multi_init() else { return nil }
    // Without descriptors it cannot be woken, and would miss transfers
    guard curl_multi_wakeup(multi) == CURLM_OK else {
      curl_multi_cleanup(multi)
      return nil
    }
    self.multi = multi
    _ = meterbridge_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, Self.mostConnections)
    _ = meterbridge_multi_setopt_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
  }

  deinit { curl_multi_cleanup(multi) }

  /// Performs a transfer and waits for its end.
  func perform(_ handle: UnsafeMutableRawPointer) -> CURLcode {
    let job = Job(handle)
    let isTaken = inbox.withLock { inbox in
      if inbox.thread?.isStarted != true { inbox.thread = BackgroundThread { [self] in run() } }
      guard inbox.thread?.isStarted == true else { return false }
      inbox.jobs.append(job)
      return true
    }
    guard isTaken else { return CURLE_FAILED_INIT }
    curl_multi_wakeup(multi)
    job.isOver.wait()
    return job.code
  }

  /// Ends the thread, which keeps the loop alive; call it when no transfer is running.
  func end() {
    let thread = inbox.withLock { inbox in
      inbox.isEnding = true
      return inbox.thread
    }
    curl_multi_wakeup(multi)
    thread?.join()
  }

  private func run() {
    var running: [UnsafeMutableRawPointer: Job] = [:]
    while true {
      var count: Int32 = 0
      let isSound = curl_multi_perform(multi, &count) == CURLM_OK
      endFinished(of: &running)
      // Only now: `curl_multi_perform` swallows the wakeup of a new job in libcurl 8.21 (issue 22272)
      guard let jobs = nextJobs() else { return }
      for job in jobs {
        if curl_multi_add_handle(multi, job.handle) == CURLM_OK {
          running[job.handle] = job
        } else {
          job.end(CURLE_OUT_OF_MEMORY)
        }
      }
      guard jobs.isEmpty else { continue }
      guard isSound, curl_multi_poll(multi, nil, 0, .max, nil) == CURLM_OK else {
        endAll(of: &running)
        continue
      }
    }
  }

  /// Ends all transfers after a failure of libcurl itself, such as lack of memory.
  private func endAll(of running: inout [UnsafeMutableRawPointer: Job]) {
    for (handle, job) in running {
      curl_multi_remove_handle(multi, handle)
      job.end(CURLE_OUT_OF_MEMORY)
    }
    running = [:]
    usleep(10_000)
  }

  /// The new jobs; nil if the loop is ending.
  private func nextJobs() -> [Job]? {
    inbox.withLock { inbox in
      defer { inbox.jobs = [] }
      return inbox.isEnding ? nil : inbox.jobs
    }
  }

  private func endFinished(of running: inout [UnsafeMutableRawPointer: Job]) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      // Removing the handle invalidates the message.
      let (kind, handle) = (message.pointee.msg, message.pointee.easy_handle)
      let code = message.pointee.data.result
      guard kind == CURLMSG_DONE, let handle else { continue }
      curl_multi_remove_handle(multi, handle)
      running.removeValue(forKey: handle)?.end(code)
    }
  }
}
