/// A kind of thing that has an id in more than one app.
public enum Kind: String, Sendable, CaseIterable {
  /// A person or company that pays.
  case customer
  /// An account that is metered and invoiced; a customer may have several.
  case account
  /// An invoice.
  case invoice
  /// A payment.
  case payment
  /// The purchase or price plan association that was granted for a paid item.
  case grant
  /// The order of a purchase, which is paid already and never billed again.
  case order
  /// What a subscription gave an account: `SUBSCRIPTION/PRICE PLAN` or `SUBSCRIPTION/license/LICENSE`.
  case plan
  /// A credit of a customer, that is not an invoice.
  case credit
}
