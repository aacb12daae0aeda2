import Chargebee
import StepKit
import Values

/// Starts when a subscription in Chargebee begins, changes, pauses or ends.
@main
enum SubscriptionChanged: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Subscriptions> {
    let event = try ChargebeeEvent(call.input)
    guard SubscribedCustomer.events.contains(event.type) else {
      return .stop("the event is \(event.type), which begins, changes and ends no subscription")
    }
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }
    return try SubscribedCustomer(call, event).reply()
  }
}
