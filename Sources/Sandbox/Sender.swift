import Dispatch
import HTTPClient
import Synchronization

/// Sends the webhooks of a sandbox over HTTP, on the thread that calls ``run(_:)``.
final class Sender: Sendable {
  private let wakeUps = DispatchSemaphore(value: 0)
  private let isStopped = Mutex(false)

  /// Checks for due webhooks now.
  func wake() { wakeUps.signal() }

  func stop() {
    isStopped.withLock { $0 = true }
    wakeUps.signal()
  }

  /// Sends webhooks until `stop`.
  func run(_ sandbox: InProcessSandbox) {
    let client = CurlClient()
    while !isStopped.withLock({ $0 }) {
      let due = sandbox.takeDueDeliveries()
      for delivery in due where !isStopped.withLock({ $0 }) {
        do throws(TransportFailure) {
          sandbox.finish(delivery, status: try client.send(delivery.request).status)
        } catch {
          sandbox.finish(delivery, failure: error.description)
        }
      }
      if due.isEmpty {
        let seconds = sandbox.secondsUntilNextDelivery
        _ = wakeUps.wait(timeout: .now() + min(max(seconds, 0.001), 3600))
      }
    }
  }
}
