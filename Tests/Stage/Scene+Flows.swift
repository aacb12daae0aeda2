import Sandbox
import StepKit
import Values

/// A scene for each flow, and one for all at once.
extension Scene {
  /// Each flow that there is in a scene of its own, or with those that it lives with.
  public static let each = [
    original, accounts, changes, payments, returns, credits, books, bookedAccounts, bookedInvoices,
  ]

  /// The three flows of the original: a customer, a payment, an invoice.
  public static let original = Scene(
    name: "original",
    flows: [
      "chargebee-togai-customer-sync", "associate-priceplan-on-chargebee-payment",
      "togai-chargebee-invoice-sync",
    ], claims: [.customers, .comments, .grants, .invoices]
  ) { stage, actor in
    try stage.addCustomer("acme")
    try actor.deliver()
    try stage.pay("acme")
    try actor.deliver()
    try actor.wait("the account") { stage.hasAccount("acme") }
    try stage.invoice("acme", cents: 12_345)
    try actor.deliver()
  }

  /// An account of Togai's own comes to Chargebee, and its customer does not come back.
  static let accounts = Scene(
    name: "accounts",
    flows: ["togai-chargebee-customer-sync", "chargebee-togai-customer-sync"],
    claims: [.customers, .comments]
  ) { stage, actor in try actor.addTogaiAccount("own") }

  /// A customer that is in both gets another name.
  static let changes = Scene(
    name: "changes", flows: ["chargebee-togai-customer-changes"],
    claims: [.customers, .comments, .renamed], before: [{ try $0.addCustomer("acme") }]
  ) { stage, actor in try actor.rename("acme") }

  /// An invoice of Togai's is paid in Chargebee.
  static let payments = Scene(
    name: "payments", flows: ["chargebee-togai-payment-sync", "togai-chargebee-payment-sync"],
    claims: [.customers, .comments, .invoices, .paid], before: invoiced
  ) { stage, actor in try actor.payInvoices() }

  /// An invoice that is in both is paid in Togai.
  static let returns = Scene(
    name: "returns", flows: ["togai-chargebee-payment-sync", "chargebee-togai-payment-sync"],
    claims: [.customers, .comments, .invoices, .paid], before: invoiced
  ) { stage, actor in try actor.payInTogai(12_345) }

  /// An invoice comes to Chargebee, and credits pay it there at once.
  static let credits = Scene(
    name: "credits", flows: ["togai-chargebee-invoice-sync", "chargebee-togai-credit-sync"],
    claims: [.customers, .comments, .invoices, .paid],
    before: [
      { try $0.addCustomer("acme") },
      { _ = try $0.sandbox.giveCredits(["customer": "acme", "amount": 20_000]) },
    ]
  ) { stage, actor in try stage.invoice("acme", cents: 12_345) }

  /// A customer comes to Togai and to Zoho Books.
  static let books = Scene(
    name: "books", flows: ["chargebee-togai-zohobooks-customer-sync"],
    claims: [.customers, .contacts]
  ) { stage, actor in try stage.addCustomer("acme") }

  /// An account of Togai's own comes to Zoho Books.
  static let bookedAccounts = Scene(
    name: "bookedAccounts", flows: ["togai-zohobooks-account-sync"], claims: [.contacts]
  ) { stage, actor in try actor.addTogaiAccount("own") }

  /// An invoice comes to Zoho Books.
  static let bookedInvoices = Scene(
    name: "bookedInvoices", flows: ["togai-zohobooks-invoice-sync"],
    claims: [.customers, .comments, .contacts, .bills], before: [{ try $0.addCustomer("acme") }]
  ) { stage, actor in try stage.invoice("acme", cents: 12_345) }

  private static var invoiced: [@Sendable (Stage) throws -> Void] {
    [{ try $0.addCustomer("acme") }, { try $0.invoice("acme", cents: 12_345) }]
  }

  /// All flows at once, but the one on payments for plans and the one with two actions: customers,
  /// accounts and invoices that go both ways, with payments on both sides.
  public static let together = Scene(
    name: "together",
    flows: [
      "chargebee-togai-customer-sync", "togai-chargebee-invoice-sync",
      "togai-chargebee-customer-sync", "chargebee-togai-customer-changes",
      "chargebee-togai-payment-sync", "chargebee-togai-credit-sync",
      "togai-chargebee-payment-sync", "togai-zohobooks-account-sync",
      "togai-zohobooks-invoice-sync",
    ], claims: [.customers, .comments, .invoices, .renamed, .contacts, .bills, .paid]
  ) { stage, actor in
    try stage.addCustomer("acme")
    try actor.rest()
    try actor.rename("acme")
    try actor.deliver()
    try actor.addTogaiAccount("own")
    try actor.rest()
    try stage.invoice("acme", cents: 12_345)
    try actor.rest()
    try actor.payInvoices()
    try actor.rest()
    try stage.invoice("own", cents: 7700)
    try actor.rest()
    try actor.payInTogai(7700)
    try actor.rest()
    _ = try stage.sandbox.giveCredits(["customer": "acme", "amount": 5000])
    try stage.invoice("acme", cents: 5000)
  }
}

// MARK: - What people do until it is done, since the APIs may misbehave for them, too

extension Mortal {
  fileprivate func addTogaiAccount(_ id: String) throws {
    try wait("an account of Togai's own") {
      if !stage.hasAccount(id) { try? stage.addTogaiAccount(id) }
      return stage.hasAccount(id)
    }
  }

  fileprivate func rename(_ customer: String) throws {
    try wait("a new name") { (try? stage.rename(customer, to: "Renamed Ltd")) != nil }
  }

  fileprivate func payInvoices() throws {
    try wait("the invoice to be paid in Chargebee") {
      try? stage.payInvoices()
      let invoices = stage.sandbox.state["chargebee"]["invoices"].array ?? []
      return !invoices.isEmpty && invoices.allSatisfy { $0["status"] == "paid" }
    }
  }

  fileprivate func payInTogai(_ cents: Int) throws {
    try wait("the invoice to be paid in Togai") {
      let due = stage.sandbox.state["togai"]["invoices"].array?.first { $0["status"] == "DUE" }
      if let due { try? stage.payInTogai(Money(minor: cents, places: 2, "USD").amount, of: due) }
      return due == nil
    }
  }
}
