import Meterbridge
import StepKit
import Values

/// Starts when something needs a person's attention.
@main
enum NeedsAttention: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Notification> {
    guard let notification = AttentionText.notification(of: call.input) else {
      return .stop("nothing needs attention")
    }
    return .done(notification)
  }
}
