import Foundation
import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeePaymentTests {
  @Test func recordedPaymentsReduceAmountDue() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice()
    let part = try fixture.chargebee(
      "POST", "/invoices/1/record_payment",
      [
        "transaction[payment_method]": "bank_transfer", "transaction[amount]": "400",
        "transaction[reference_number]": "r-1",
      ])
    #expect(part["invoice.status"] == "payment_due")
    #expect(part["invoice.amount_due"] == 600)
    #expect(part["transaction.amount"] == 400)
    #expect(part["transaction.linked_invoices"].array?.first?["applied_amount"] == 400)
    let rest = try fixture.chargebee(
      "POST", "/invoices/1/record_payment",
      ["transaction[payment_method]": "other", "transaction[amount]": "700"])
    #expect(rest["invoice.status"] == "paid")
    #expect(rest["transaction.amount_unused"] == 100)
    #expect(try fixture.chargebee("GET", "/customers/acme")["customer.excess_payments"] == 100)
    let again = try fixture.chargebee(
      "POST", "/invoices/1/record_payment", ["transaction[payment_method]": "other"])
    #expect(again.fault == "409 invalid_state_for_request ")
    let payments = try fixture.chargebee("GET", "/invoices/1/payments")
    #expect(payments["list"].array?.count == 2)
    let id = try #require(part["transaction.id"].string)
    #expect(
      try fixture.chargebee("GET", "/transactions/\(id)")["transaction.reference_number"] == "r-1")
  }

  @Test func paymentMethodMustBeKnown() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice()
    #expect(
      try fixture.chargebee("POST", "/invoices/1/record_payment").fault
        == "400 param_wrong_value transaction[payment_method]")
    #expect(
      try fixture.chargebee(
        "POST", "/invoices/1/record_payment", ["transaction[payment_method]": "shells"]
      ).fault == "400 param_wrong_value transaction[payment_method]")
  }

  @Test func collectedPaymentChargesCard() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice()
    let without = try fixture.chargebee("POST", "/invoices/1/collect_payment")
    #expect(without.fault == "400 payment_method_not_present ")
    #expect(without["type"] == "payment")
    try fixture.sandbox.defineItemPrice(["id": "growth", "price": 100])
    try fixture.sandbox.payForPlan(["customer": "acme", "items": [["item_price": "growth"]]])
    let with = try fixture.chargebee("POST", "/invoices/1/collect_payment")
    #expect(with["invoice.status"] == "paid")
    #expect(with["transaction.payment_method"] == "card")
  }

  @Test func onlyUnpaidInvoiceIsVoided() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice()
    #expect(try fixture.chargebee("POST", "/invoices/1/void")["invoice.status"] == "voided")
    #expect(
      try fixture.chargebee("POST", "/invoices/1/void").fault == "409 invalid_state_for_request ")
    #expect(try fixture.chargebee("POST", "/invoices/9/void").fault == "404 resource_not_found ")
  }

  @Test func planPaymentCreatesAndRenewsSubscription() throws {
    let fixture = try SandboxFixture { $0.chargebee.taxRate = 8 }
    try fixture.customer()
    try fixture.sandbox.defineItemPrice([
      "id": "growth-USD-Monthly", "name": "Growth", "price": 49000,
    ])
    try fixture.sandbox.defineItemPrice(["id": "seats", "item_type": "addon", "price": 1500])
    let wish: JSON = [
      "customer": "acme",
      "items": [["item_price": "growth-USD-Monthly"], ["item_price": "seats", "quantity": 3]],
    ]
    let first = try fixture.sandbox.payForPlan(wish)
    #expect(first["invoice"]["total"] == 57780)
    #expect(first["invoice"]["status"] == "paid")
    #expect(first["subscription"]["current_term_end"] == 1_769_904_000)
    let id = try #require(first["subscription"]["id"].string)
    let kept = try fixture.chargebee("GET", "/subscriptions/\(id)")
    #expect(kept["subscription.subscription_items"].array?.count == 2)
    #expect(kept["card.last4"] == "4242")
    fixture.sandbox.advance(seconds: 31 * 86_400)
    let second = try fixture.sandbox.payForPlan(wish)
    #expect(second["subscription"]["id"].string == id)
    #expect(second["subscription"]["current_term_start"] == 1_769_904_000)
    #expect(second["invoice"]["first_invoice"] == false)
    let types = try fixture.chargebee("GET", "/events", ["sort_by[asc]": "occurred_at"])["list"]
      .array
    #expect(
      types?.map { $0["event"]["event_type"] } == [
        "customer_created", "subscription_created", "invoice_generated", "payment_succeeded",
        "invoice_updated", "subscription_renewed", "invoice_generated", "payment_succeeded",
        "invoice_updated",
      ])
  }
}
