import StepKit
import Values

/// One thing that was paid for and is to be granted.
struct PaidGrant {
  /// Its place among the grants of the payment: for the names of effects.
  let index: Int
  /// The app that was paid.
  let app: String
  /// The invoice's id there.
  let invoice: String
  /// The line of the invoice.
  let item: PaidItem
  /// The price plan in Togai.
  let plan: String

  /// What is granted once, however many payments and events there are for it.
  var key: String { "\(invoice)/\(item.price)" }

  /// The key as Togai gets it, which publishes no limit; 50 characters pass everywhere.
  var idempotencyKey: String { "cb_\(invoice)_\(item.price)".shortened(to: 50) }

  /// The link of the grant or its order to what Togai made for it.
  func link(_ kind: Kind, _ id: String) -> Effect {
    .link(kind: kind, ids: [app: key, Togai.name: id])
  }
}

/// What came of a grant.
struct Granted {
  /// The row of the ID mapping that says it is granted.
  let link: Effect
  /// What happened, in a sentence.
  let note: String
}
