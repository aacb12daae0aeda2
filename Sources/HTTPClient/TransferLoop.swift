import CCurl
import Dispatch
import Glibc
import Synchronization

/// Carries the transfers of many threads at once, on one thread of its own: libcurl's multi interface.
///
/// The connections are of the loop, whoever asks: one that is idle takes the next transfer to its
/// server, with the TLS session that it has. It takes one at a time, over HTTP/2 too: a server that
/// ends a connection refuses what else is on it, and whether it saw a request could not be told.
final class TransferLoop: Sendable {
  /// A transfer that somebody waits for.
  private final class Job: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
    let isOver = DispatchSemaphore(value: 0)
    /// How it ended: written before `isOver` is signalled, and read after.
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

  /// More idle connections than that are closed, the oldest first.
  private static let mostConnections = 64

  /// Only the loop's thread touches it, but for waking it, which libcurl allows from anywhere.
  private nonisolated(unsafe) let multi: UnsafeMutableRawPointer
  private let inbox = Mutex(Inbox())

  /// A loop without connections; nil where memory or descriptors are out.
  init?() {
    guard let multi = curl_multi_init() else { return nil }
    // Without descriptors it cannot be woken, and would never hear of a transfer
    guard curl_multi_wakeup(multi) == CURLM_OK else {
      curl_multi_cleanup(multi)
      return nil
    }
    self.multi = multi
    _ = meterbridge_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, Self.mostConnections)
    _ = meterbridge_multi_setopt_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
  }

  deinit { curl_multi_cleanup(multi) }

  /// Carries a transfer and waits for its end.
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

  /// Ends the thread, which keeps the loop alive; nothing may be under way.
  func end() {
    let thread = inbox.withLock { inbox in
      inbox.isEnding = true
      return inbox.thread
    }
    curl_multi_wakeup(multi)
    thread?.join()
  }

  // MARK: Private

  private func run() {
    var underway: [UnsafeMutableRawPointer: Job] = [:]
    while true {
      var running: Int32 = 0
      let isSound = curl_multi_perform(multi, &running) == CURLM_OK
      endThose(of: &underway)
      // Only now: `perform` takes the waking that came with a job where libcurl is 8.21 (its issue 22272)
      guard let jobs = nextJobs() else { return }
      for job in jobs {
        if curl_multi_add_handle(multi, job.handle) == CURLM_OK {
          underway[job.handle] = job
        } else {
          job.end(CURLE_OUT_OF_MEMORY)
        }
      }
      guard jobs.isEmpty else { continue }
      guard isSound, curl_multi_poll(multi, nil, 0, .max, nil) == CURLM_OK else {
        endAll(of: &underway)
        continue
      }
    }
  }

  /// Ends what is under way where libcurl itself fails, as where memory is out.
  private func endAll(of underway: inout [UnsafeMutableRawPointer: Job]) {
    for (handle, job) in underway {
      curl_multi_remove_handle(multi, handle)
      job.end(CURLE_OUT_OF_MEMORY)
    }
    underway = [:]
    usleep(10_000)
  }

  /// What came in since; nil when it is to end.
  private func nextJobs() -> [Job]? {
    inbox.withLock { inbox in
      defer { inbox.jobs = [] }
      return inbox.isEnding ? nil : inbox.jobs
    }
  }

  private func endThose(of underway: inout [UnsafeMutableRawPointer: Job]) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      // The message is gone when its handle is.
      let (kind, handle) = (message.pointee.msg, message.pointee.easy_handle)
      let code = message.pointee.data.result
      guard kind == CURLMSG_DONE, let handle else { continue }
      curl_multi_remove_handle(multi, handle)
      underway.removeValue(forKey: handle)?.end(code)
    }
  }
}
