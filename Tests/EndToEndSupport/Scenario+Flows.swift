import Sandbox
import StepKit
import Values

/// A scenario for each flow, and one for all at once.
extension Scenario {
  /// The scenarios that together cover each flow.
  public static let each =
    [
      original, accounts, changes, payments, returns, credits, books, bookedAccounts,
      bookedInvoices, holds, caps, notices, negative,
    ] + endings + subscriptions

  /// The three flows of the original: a customer, a payment, an invoice.
  public static let original = Scenario(
    name: "original",
    flows: [
      "chargebee-togai-customer-sync", "associate-priceplan-on-chargebee-payment",
      "togai-chargebee-invoice-sync",
    ], claims: [.customers, .comments, .grants, .invoices]
  ) { fixture, dispatcher in
    try fixture.addCustomer("acme")
    try dispatcher.deliver()
    try fixture.pay("acme")
    try dispatcher.deliver()
    try dispatcher.wait("the account") { fixture.hasAccount("acme") }
    try fixture.invoice("acme", cents: 12_345)
    try dispatcher.deliver()
  }

  /// An account of Togai is created in Chargebee, and the customer does not return as another account.
  static let accounts = Scenario(
    name: "accounts",
    flows: ["togai-chargebee-customer-sync", "chargebee-togai-customer-sync"],
    claims: [.customers, .comments]
  ) { fixture, dispatcher in try dispatcher.addTogaiAccount("own") }

  /// A customer of both systems is renamed.
  static let changes = Scenario(
    name: "changes", flows: ["chargebee-togai-customer-changes"],
    claims: [.customers, .comments, .renamed], before: [{ try $0.addCustomer("acme") }]
  ) { fixture, dispatcher in try dispatcher.rename("acme") }

  /// An invoice of Togai is paid in Chargebee.
  static let payments = Scenario(
    name: "payments", flows: ["chargebee-togai-payment-sync", "togai-chargebee-payment-sync"],
    claims: [.customers, .comments, .invoices, .paid], before: invoiced
  ) { fixture, dispatcher in try dispatcher.payInvoices() }

  /// An invoice of both systems is paid in Togai.
  static let returns = Scenario(
    name: "returns", flows: ["togai-chargebee-payment-sync", "chargebee-togai-payment-sync"],
    claims: [.customers, .comments, .invoices, .paid], before: invoiced
  ) { fixture, dispatcher in try dispatcher.payInTogai(12_345) }

  /// An invoice is created in Chargebee, where credits pay it at once.
  static let credits = Scenario(
    name: "credits", flows: ["togai-chargebee-invoice-sync", "chargebee-togai-settlement-sync"],
    claims: [.customers, .comments, .invoices, .paid],
    before: [
      { try $0.addCustomer("acme") },
      { _ = try $0.sandbox.giveCredits(["customer": "acme", "amount": 20_000]) },
    ]
  ) { fixture, dispatcher in try fixture.invoice("acme", cents: 12_345) }

  /// An invoice of Togai of less than nothing becomes a credit in Chargebee.
  static let negative = Scenario(
    name: "negative", flows: ["togai-chargebee-negative-invoice-sync"],
    claims: [.customers, .comments, .credited(5000)], before: [{ try $0.addCustomer("acme") }]
  ) { fixture, dispatcher in try fixture.invoice("acme", cents: -5000) }

  /// A customer is created in Togai and in Zoho Books.
  static let books = Scenario(
    name: "books", flows: ["chargebee-togai-zohobooks-customer-sync"],
    claims: [.customers, .contacts]
  ) { fixture, dispatcher in try fixture.addCustomer("acme") }

  /// An account of Togai is created in Zoho Books.
  static let bookedAccounts = Scenario(
    name: "bookedAccounts", flows: ["togai-zohobooks-account-sync"], claims: [.contacts]
  ) { fixture, dispatcher in try dispatcher.addTogaiAccount("own") }

  /// An invoice is created in Zoho Books.
  static let bookedInvoices = Scenario(
    name: "bookedInvoices", flows: ["togai-zohobooks-invoice-sync"],
    claims: [.customers, .comments, .contacts, .bills], before: [{ try $0.addCustomer("acme") }]
  ) { fixture, dispatcher in try fixture.invoice("acme", cents: 12_345) }

  /// An invoice of a customer whom Chargebee does not know is not synced, which people are told by mail and
  /// in Slack.
  static let notices = Scenario(
    name: "notices",
    flows: [
      "togai-chargebee-invoice-sync", "meterbridge-email-notifications",
      "meterbridge-slack-notifications",
    ], claims: [.told],
    settings: [
      "meterbridge-email-notifications": ["email/send-message": ["to": "ops@acme.example"]]
    ]
  ) { fixture, dispatcher in
    try dispatcher.addTogaiAccount("own")
    try fixture.invoice("own", cents: 7700)
    try dispatcher.settle()
    try dispatcher.wait("the notifications") {
      try !fixture.mails().isEmpty && !fixture.sandbox.slackMessages().isEmpty
    }
  }

  static var invoiced: [@Sendable (EndToEnd) throws -> Void] {
    [{ try $0.addCustomer("acme") }, { try $0.invoice("acme", cents: 12_345) }]
  }

  /// All flows except the one on payments for plans and the one with two actions: customers, accounts
  /// and invoices are synced both ways and paid on both sides.
  public static let together = Scenario(
    name: "together",
    flows: [
      "chargebee-togai-customer-sync", "togai-chargebee-invoice-sync",
      "togai-chargebee-customer-sync", "chargebee-togai-customer-changes",
      "chargebee-togai-payment-sync", "chargebee-togai-settlement-sync",
      "togai-chargebee-payment-sync", "togai-zohobooks-account-sync",
      "togai-zohobooks-invoice-sync", "togai-chargebee-void-sync", "chargebee-togai-void-sync",
      "chargebee-togai-refund-sync",
    ], claims: [.customers, .comments, .invoices, .renamed, .contacts, .bills, .paid],
    settings: unheld
  ) { fixture, dispatcher in
    try fixture.addCustomer("acme")
    try dispatcher.settle()
    try dispatcher.rename("acme")
    try dispatcher.deliver()
    try dispatcher.addTogaiAccount("own")
    try dispatcher.settle()
    try fixture.invoice("acme", cents: 12_345)
    try dispatcher.settle()
    try dispatcher.payInvoices()
    try dispatcher.settle()
    try fixture.invoice("own", cents: 7700)
    try dispatcher.settle()
    try dispatcher.payInTogai(7700)
    try dispatcher.settle()
    _ = try fixture.sandbox.giveCredits(["customer": "acme", "amount": 5000])
    try fixture.invoice("acme", cents: 5000)
  }
}
