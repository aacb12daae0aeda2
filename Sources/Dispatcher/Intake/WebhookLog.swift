import HTTPServer
import Records
import Setup
import StepKit
import Synchronization
import Values

/// Reports refused webhooks to the operator: each reason once a minute, since anybody can send requests.
final class WebhookLog: Sendable {
  private let clock: WallClock
  private let report: @Sendable (LogEntry) -> Void
  /// The uptime of the last report of each reason, in seconds.
  private let reported = Mutex<[String: Double]>([:])

  init(clock: WallClock, report: @escaping @Sendable (LogEntry) -> Void) {
    self.clock = clock
    self.report = report
  }

  func note(_ refusal: WebhookRefusal, of request: Request) {
    let status = refusal.response.status
    let now = clock.uptime()
    let isDue = reported.withLock { reported in
      if let last = reported[refusal.reason], now - last < 60 { return false }
      if reported.count > 100 { reported = [:] }
      reported[refusal.reason] = now
      return true
    }
    guard isDue else { return }
    // The path after the name may hold a secret, and the name is untrusted input.
    let name = request.path.count > 1 ? request.path[1].percentEncoded.truncated(to: 64) : ""
    report(
      LogEntry(
        .warning,
        "a webhook to /hooks/\(name) was answered \(status): \(refusal.reason); further ones are not"
          + " reported for a minute", reason: refusal.reason))
  }
}
