import StepKit
import Values

/// An item that was paid for and is to be granted.
struct PaidGrant {
  /// The index of the item in the payment, for effect names.
  let index: Int
  /// The app that was paid.
  let app: String
  /// The invoice's id in that app.
  let invoice: String
  /// The item.
  let item: PaidItem
  /// The price plan in Togai.
  let plan: String

  /// The key of the grant, which is granted once for all payments and events.
  var key: String { "\(invoice)/\(item.price)" }

  /// The idempotency key; Togai documents no limit, and 50 characters pass everywhere.
  var idempotencyKey: String { "cb_\(invoice)_\(item.price)".shortened(to: 50) }

  /// The link of the grant or its order to an id in Togai.
  func link(_ kind: Kind, _ id: String) -> Effect {
    .link(kind: kind, ids: [app: key, Togai.name: id])
  }
}
