import Records
import Sandbox
import Setup
import StepKit
import Values

/// Scenarios of invoices that end otherwise than by a payment, without a person who lets it happen.
extension Scenario {
  /// One for each way in which an invoice ends, and one for an invoice that is marked as paid.
  static let endings = [
    voidedInTogai, givenUpInTogai, voidedInChargebee, writtenOff, refunded, markedAsPaid,
    grantRefunded,
  ]

  private static let voids = ["togai-chargebee-void-sync", "chargebee-togai-void-sync"]

  static let unheld: [String: [String: [String: String]]] = {
    let togai = ["togai/close-invoice": ["hold": "none"]]
    return [
      "togai-chargebee-void-sync": ["chargebee/close-invoice": ["hold": "none"]],
      "chargebee-togai-void-sync": togai, "chargebee-togai-refund-sync": togai,
      "chargebee-togai-settlement-sync": ["togai/record-payment": ["hold": "none"]],
    ]
  }()

  private static func ending(
    _ name: String, _ flows: [String], _ togai: String, _ chargebee: String,
    before: [@Sendable (EndToEnd) throws -> Void] = invoiced,
    _ act: @escaping @Sendable (CrashingDispatcher) throws -> Void
  ) -> Scenario {
    Scenario(
      name: name, flows: flows, claims: [.customers, .comments, .ended(togai, chargebee)],
      settings: unheld, before: before
    ) { try act($1) }
  }

  static let voidedInTogai = ending("voidedInTogai", voids, "VOID", "voided") {
    try $0.setStatus("VOID")
  }

  static let givenUpInTogai = ending("givenUpInTogai", voids, "UN_COLLECTIBLE", "paid") {
    try $0.setStatus("UN_COLLECTIBLE")
  }

  static let voidedInChargebee = ending("voidedInChargebee", voids, "VOID", "voided") {
    try $0.change("void") { $0["status"] == "voided" }
  }

  static let writtenOff = ending(
    "writtenOff", voids + ["chargebee-togai-settlement-sync"], "UN_COLLECTIBLE", "paid"
  ) { try $0.change("write_off") { $0["status"] == "paid" } }

  static let refunded = ending(
    "refunded", ["chargebee-togai-refund-sync", "chargebee-togai-settlement-sync"],
    "REFUND_INITIATED", "paid",
    before: invoiced + [
      {
        _ = try $0.registry.connect(
          flow: "chargebee-togai-settlement-sync", name: "chargebee-togai-settlement-sync",
          connections: [:], settings: [:])
      },
      { _ = try $0.registry.flows.enable("chargebee-togai-settlement-sync", true) },
      { try $0.payInvoices() },
    ]
  ) {
    try $0.change("record_refund", ["transaction[payment_method]": "bank_transfer"]) {
      $0["issued_credit_notes"].array?.isEmpty == false
    }
  }

  /// Togai lists no payment of an invoice that a person marked as paid.
  static let markedAsPaid = ending(
    "markedAsPaid", ["togai-chargebee-payment-sync", "chargebee-togai-settlement-sync"], "PAID",
    "paid"
  ) { try $0.setStatus("PAID") }

  /// What a customer paid for is granted, and all of the money goes back.
  static let grantRefunded = Scenario(
    name: "grantRefunded",
    flows: ["associate-priceplan-on-chargebee-payment", "chargebee-togai-refund-sync"],
    claims: [.customers, .comments, .grants, .voided], settings: unheld,
    before: [{ try $0.addCustomer("acme") }, { try $0.pay("acme") }]
  ) { _, dispatcher in
    try dispatcher.change("refund", of: \.bought) {
      $0["issued_credit_notes"].array?.isEmpty == false
    }
  }
}
