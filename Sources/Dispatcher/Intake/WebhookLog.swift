import HTTPServer
import Records
import StepKit
import Synchronization
import Values

/// Tells the person who runs the dispatcher of webhooks that were not taken: of each kind of refusal
/// once a minute, since whoever can reach the hooks can make as many as they like.
final class WebhookLog: Sendable {
  private let report: @Sendable (LogEntry) -> Void
  private let told = Mutex<[Int: ContinuousClock.Instant]>([:])

  init(report: @escaping @Sendable (LogEntry) -> Void) { self.report = report }

  func note(_ refusal: WebhookRefusal, of request: Request) {
    let status = refusal.response.status
    let now = ContinuousClock.now
    let isNews = told.withLock { told in
      if let last = told[status], now - last < .seconds(60) { return false }
      told[status] = now
      return true
    }
    guard isNews else { return }
    // What follows the name may be a secret, and the name is a stranger's words
    let name = request.path.count > 1 ? request.path[1].percentEncoded.truncated(to: 64) : ""
    report(
      LogEntry(
        .warning,
        "a webhook to /hooks/\(name) was answered \(status): \(refusal.reason); of more in the next minute"
          + " nothing is said", reason: refusal.reason))
  }
}
