import FoundationEssentials
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

  /// The end of the key where several items of the invoice have the same price: the term and the user.
  let suffix: String
  /// What was paid for the item, in major units, if it is known.
  let paid: Decimal?

  /// The key of the grant, which is granted once for all payments and events.
  var key: String { "\(invoice)/\(item.price)\(suffix)" }

  /// The idempotency key; Togai documents no limit, and 50 characters pass everywhere.
  var idempotencyKey: String { "cb_\(invoice)_\(item.price)\(suffix)".shortened(to: 50) }

  /// The link of the grant or its order to an id in Togai.
  func link(_ kind: Kind, _ id: String) -> Effect {
    .link(kind: kind, ids: [app: key, TogaiAPI.name: id])
  }
}

// MARK: - Part of a term

extension PaidGrant {
  /// The quantity to grant; nil if a change in the middle of a term did not raise it.
  ///
  /// - Throws: `Halt.notSynced` if it is for a part of a term and cannot be told.
  func quantity(_ part: GrantOptions.PartTerm) throws(Halt) -> Decimal? {
    guard let share = item.share else { return item.quantity }
    let what = "\(item.quantity) of item price \(item.price) were paid for \(share) of a term"
    switch part {
    case .difference:
      guard let former = item.formerQuantity else {
        throw .notSynced(
          "\(what), and the quantity before is not known: grant the difference in Togai, or set"
            + " partTerm=share in the flow")
      }
      return item.quantity > former ? item.quantity - former : nil
    case .share:
      let digits = (item.quantity * share).description.prefix { $0 != "." }
      guard let whole = Decimal(string: String(digits)), whole > 0 else {
        throw .notSynced(
          "\(what), which is less than 1: grant the part in Togai by hand, then `meterbridge attention acknowledge`"
        )
      }
      return whole
    }
  }
}
