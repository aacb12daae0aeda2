public import Values

/// All subscriptions of a customer in one app, as they are now.
///
/// Several subscriptions share an account in other apps, so a change of one is told with the others.
public struct Subscriptions: Document, Hashable {
  /// The app that has them.
  public var app: String
  /// The customer who uses what they are for.
  public var customer: Customer
  /// The id of the subscription that changed.
  public var changed: String
  /// The subscriptions; without one that was deleted.
  public var all: [Subscription]

  /// The subscriptions of a customer.
  public init(app: String, customer: Customer, changed: String, all: [Subscription]) {
    self.app = app
    self.customer = customer
    self.changed = changed
    self.all = all
  }

  /// Reads the subscriptions.
  ///
  /// - Throws: A permanent failure if app, customer or the changed one are missing, or one cannot be read.
  public init(json: JSON) throws(Failure) {
    guard let app = json["app"].nonBlank, let changed = json["changed"].verbatim else {
      throw .permanent("subscriptions have an app, and name the one that changed")
    }
    let customer = try Customer(json: json["customer"])
    self.init(
      app: app, customer: customer, changed: changed,
      all: try json["subscriptions"].items.map(Subscription.init(json:)))
  }

  /// The subscriptions as they go over the pipe.
  public var json: JSON {
    [
      "app": .string(app), "customer": customer.json, "changed": .string(changed),
      "subscriptions": .array(all.map(\.json)),
    ]
  }
}
