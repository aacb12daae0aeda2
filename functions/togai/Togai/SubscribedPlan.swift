import StepKit
import Values

/// An item of a subscription with the price plan that the flow names for it.
struct SubscribedPlan {
  let subscription: Subscription
  /// The id of the item's price.
  let price: String
  /// The price plan in Togai; nil if the flow names none.
  let plan: String?
}
