import Foundation
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeInvoiceTests {
  private static let path = "/invoices/create_for_charge_items_and_charges"

  @Test func addsUpChargesAndDiscounts() throws {
    let stand = try Stand()
    try stand.customer()
    let made = try stand.chargebee(
      "POST", Self.path,
      [
        "customer_id": "acme", "currency_code": "USD", "po_number": "inv.1", "net_term_days": "15",
        "auto_collection": "off", "invoice_note": "January",
        "charges[amount][0]": "39210", "charges[description][0]": "API calls",
        "charges[taxable][0]": "false",
        "charges[amount][1]": "58994", "charges[description][1]": "Exports",
        "charges[date_from][1]": "1764547200", "charges[date_to][1]": "1767225599",
        "discounts[apply_on][0]": "invoice_amount", "discounts[amount][0]": "10000",
      ])
    #expect(made.status == 200)
    #expect(made["invoice.id"] == "1")
    #expect(made["invoice.sub_total"] == 98204)
    #expect(made["invoice.total"] == 88204)
    #expect(made["invoice.amount_due"] == 88204)
    #expect(made["invoice.status"] == "payment_due")
    #expect(made["invoice.po_number"] == "inv.1")
    #expect(made["invoice.due_date"] == 1_768_521_600)
    #expect(made["invoice.notes"] == [["note": "January"]])
    let lines = made["invoice.line_items"].array ?? []
    #expect(lines.map { $0["discount_amount"] } == [3993, 6007])
    #expect(lines.map { $0["entity_type"] } == ["adhoc", "adhoc"])
    #expect(lines.last?["date_from"] == 1_764_547_200)
    #expect(try stand.chargebee("GET", "/invoices/1").json == made.json)
  }

  @Test func taxesWhatIsTaxable() throws {
    let stand = try Stand { $0.chargebee.taxRate = 8 }
    try stand.customer()
    let made = try stand.chargebee(
      "POST", Self.path,
      [
        "customer_id": "acme", "auto_collection": "off",
        "charges[amount][0]": "49000", "charges[description][0]": "Growth",
        "charges[amount][1]": "500", "charges[description][1]": "Tax-free",
        "charges[taxable][1]": "false",
      ])
    #expect(made["invoice.tax"] == 3920)
    #expect(made["invoice.total"] == 53420)
    #expect(made["invoice.line_item_taxes"].array?.count == 1)
  }

  @Test func billsItemPricesOfCharges() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.sandbox.defineItemPrice(["id": "usage", "item_type": "charge", "price": 100])
    try stand.sandbox.defineItemPrice(["id": "growth", "item_type": "plan", "price": 100])
    let made = try stand.chargebee(
      "POST", Self.path,
      [
        "customer_id": "acme", "auto_collection": "off",
        "item_prices[item_price_id][0]": "usage", "item_prices[unit_price][0]": "88204",
        "discounts[apply_on][0]": "specific_item_price", "discounts[percentage][0]": "10",
        "discounts[item_price_id][0]": "usage",
      ])
    #expect(made["invoice.total"] == 79384)
    #expect(made["invoice.line_items"].array?.first?["entity_type"] == "charge_item_price")
    #expect(made["invoice.line_items"].array?.first?["item_level_discount_amount"] == 8820)
    let plan = try stand.chargebee(
      "POST", Self.path, ["customer_id": "acme", "item_prices[item_price_id][0]": "growth"])
    #expect(plan.fault == "400 param_wrong_value item_prices[item_price_id][0]")
    let nothing = try stand.chargebee(
      "POST", Self.path, ["customer_id": "acme", "item_prices[item_price_id][0]": "none"])
    #expect(nothing.fault == "404 resource_not_found item_prices[item_price_id][0]")
    #expect(try stand.chargebee("GET", "/item_prices/usage")["item_price.item_type"] == "charge")
  }

  /// Each with one good charge beside it.
  @Test(arguments: [
    (["charges[amount][0]": "0"], "400 param_wrong_value charges[amount][0]"),
    (["charges[amount][0]": "-5"], "400 param_wrong_value charges[amount][0]"),
    (["charges[amount][0]": "1.5"], "400 param_wrong_value charges[amount][0]"),
    (["charges[amount][0]": ""], "400 param_wrong_value charges[amount][0]"),
    (["charges[description][0]": ""], "400 param_wrong_value charges[description][0]"),
    (
      ["charges[description][0]": String(repeating: "x", count: 251)],
      "400 param_wrong_value charges[description][0]"
    ),
    (["charges[amount][2]": "5"], "400 param_wrong_value charges[1]"),
    (["charges[amount][01]": "5"], "400 param_wrong_value charges[amount][01]"),
    (["charges[description][1]": "x"], "400 param_wrong_value charges[amount][1]"),
    (["charges[amount][1]": "5"], "400 param_wrong_value charges[description][1]"),
    (["charges[colour][0]": "red"], "400 param_wrong_value charges[colour][0]"),
    (["charges[date_from][0]": "1767225600"], "400 param_wrong_value charges[date_to][0]"),
    (["currency_code": "usd"], "400 param_wrong_value currency_code"),
    (["currency_code": "CHF"], "400 configuration_incompatible currency_code"),
    (["invoice_date": "1767225601"], "400 param_wrong_value invoice_date"),
    (["invoice_date": "1764547199"], "400 param_wrong_value invoice_date"),
    (["customer_id": "nobody"], "404 resource_not_found customer_id"),
    (["subscription_id": "none"], "404 resource_not_found subscription_id"),
    (["auto_collection": "on"], "400 payment_method_not_present "),
    (["discounts[amount][0]": "5"], "400 param_wrong_value discounts[apply_on][0]"),
    (
      ["discounts[apply_on][0]": "invoice_amount"], "400 param_wrong_value discounts[amount][0]"
    ),
    (["discounts[percentage][0]": "101"], "400 param_wrong_value discounts[percentage][0]"),
    (["create_pending_invoice": "true"], "400 param_wrong_value create_pending_invoice"),
    (["coupon_ids[0]": "TEN"], "404 resource_not_found coupon_ids[0]"),
    (["po_number": String(repeating: "x", count: 101)], "400 param_wrong_value po_number"),
    (["net_term_days": "-1"], "400 param_wrong_value net_term_days"),
  ])
  func refuses(_ change: [String: String], _ fault: String) throws {
    let stand = try Stand()
    try stand.customer()
    var form = [
      "customer_id": "acme", "charges[amount][0]": "100", "charges[description][0]": "x",
      "auto_collection": "off",
    ]
    form.merge(change) { _, new in new }
    if change["create_pending_invoice"] != nil { form["auto_collection"] = nil }
    let answer = try stand.chargebee("POST", Self.path, FormFields(form))
    #expect(answer.fault == fault)
    #expect(try stand.chargebee("GET", "/invoices")["list"] == [])
  }

  @Test func wantsACustomerAndSomethingToBill() throws {
    let stand = try Stand()
    try stand.customer()
    #expect(
      try stand.chargebee("POST", Self.path, ["charges[amount][0]": "1"]).fault
        == "400 param_wrong_value customer_id")
    #expect(
      try stand.chargebee("POST", Self.path, ["customer_id": "acme"]).fault
        == "400 param_wrong_value charges[amount][0]")
  }

  @Test func takesADateOfExactlyAMonthAgo() throws {
    let stand = try Stand()
    try stand.customer()
    let made = try stand.chargebee(
      "POST", Self.path,
      [
        "customer_id": "acme", "charges[amount][0]": "1", "charges[description][0]": "x",
        "invoice_date": "1764547200",
      ])
    #expect(made["invoice.date"] == 1_764_547_200)
  }

  @Test func pagesItsLines() throws {
    let stand = try Stand()
    try stand.customer()
    var form = ["customer_id": "acme", "auto_collection": "off"]
    for index in 0..<5 {
      form["charges[amount][\(index)]"] = "\(index + 1)"
      form["charges[description][\(index)]"] = "x"
    }
    _ = try stand.chargebee("POST", Self.path, FormFields(form))
    let first = try stand.chargebee("GET", "/invoices/1", ["line_items_limit": "3"])
    #expect(first["invoice.line_items"].array?.count == 3)
    let offset = try #require(first["invoice.line_items_next_offset"].string)
    let second = try stand.chargebee("GET", "/invoices/1", ["line_items_offset": offset])
    #expect(second["invoice.line_items"].array?.map { $0["amount"] } == [4, 5])
    #expect(second["invoice.line_items_next_offset"] == .null)
  }
}

@Suite struct ChargebeePaymentTests {
  @Test func recordsPaymentsUntilItIsPaid() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice()
    let part = try stand.chargebee(
      "POST", "/invoices/1/record_payment",
      [
        "transaction[payment_method]": "bank_transfer", "transaction[amount]": "400",
        "transaction[reference_number]": "r-1",
      ])
    #expect(part["invoice.status"] == "payment_due")
    #expect(part["invoice.amount_due"] == 600)
    #expect(part["transaction.amount"] == 400)
    #expect(part["transaction.linked_invoices"].array?.first?["applied_amount"] == 400)
    let rest = try stand.chargebee(
      "POST", "/invoices/1/record_payment",
      ["transaction[payment_method]": "other", "transaction[amount]": "700"])
    #expect(rest["invoice.status"] == "paid")
    #expect(rest["transaction.amount_unused"] == 100)
    #expect(try stand.chargebee("GET", "/customers/acme")["customer.excess_payments"] == 100)
    let again = try stand.chargebee(
      "POST", "/invoices/1/record_payment", ["transaction[payment_method]": "other"])
    #expect(again.fault == "409 invalid_state_for_request ")
    let payments = try stand.chargebee("GET", "/invoices/1/payments")
    #expect(payments["list"].array?.count == 2)
    let id = try #require(part["transaction.id"].string)
    #expect(
      try stand.chargebee("GET", "/transactions/\(id)")["transaction.reference_number"] == "r-1")
  }

  @Test func wantsAPaymentMethodFromTheList() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice()
    #expect(
      try stand.chargebee("POST", "/invoices/1/record_payment").fault
        == "400 param_wrong_value transaction[payment_method]")
    #expect(
      try stand.chargebee(
        "POST", "/invoices/1/record_payment", ["transaction[payment_method]": "shells"]
      ).fault == "400 param_wrong_value transaction[payment_method]")
  }

  @Test func collectsFromACard() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice()
    let without = try stand.chargebee("POST", "/invoices/1/collect_payment")
    #expect(without.fault == "400 payment_method_not_present ")
    #expect(without["type"] == "payment")
    try stand.sandbox.defineItemPrice(["id": "growth", "price": 100])
    try stand.sandbox.payForPlan(["customer": "acme", "items": [["item_price": "growth"]]])
    let with = try stand.chargebee("POST", "/invoices/1/collect_payment")
    #expect(with["invoice.status"] == "paid")
    #expect(with["transaction.payment_method"] == "card")
  }

  @Test func voidsWhatIsUnpaid() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice()
    #expect(try stand.chargebee("POST", "/invoices/1/void")["invoice.status"] == "voided")
    #expect(
      try stand.chargebee("POST", "/invoices/1/void").fault == "409 invalid_state_for_request ")
    #expect(try stand.chargebee("POST", "/invoices/9/void").fault == "404 resource_not_found ")
  }

  @Test func aPlanIsPaidAndRenewed() throws {
    let stand = try Stand { $0.chargebee.taxRate = 8 }
    try stand.customer()
    try stand.sandbox.defineItemPrice([
      "id": "growth-USD-Monthly", "name": "Growth", "price": 49000,
    ])
    try stand.sandbox.defineItemPrice(["id": "seats", "item_type": "addon", "price": 1500])
    let wish: JSON = [
      "customer": "acme",
      "items": [["item_price": "growth-USD-Monthly"], ["item_price": "seats", "quantity": 3]],
    ]
    let first = try stand.sandbox.payForPlan(wish)
    #expect(first["invoice"]["total"] == 57780)
    #expect(first["invoice"]["status"] == "paid")
    #expect(first["subscription"]["current_term_end"] == 1_769_904_000)
    let id = try #require(first["subscription"]["id"].string)
    let kept = try stand.chargebee("GET", "/subscriptions/\(id)")
    #expect(kept["subscription.subscription_items"].array?.count == 2)
    #expect(kept["card.last4"] == "4242")
    stand.sandbox.advance(seconds: 31 * 86_400)
    let second = try stand.sandbox.payForPlan(wish)
    #expect(second["subscription"]["id"].string == id)
    #expect(second["subscription"]["current_term_start"] == 1_769_904_000)
    #expect(second["invoice"]["first_invoice"] == false)
    let types = try stand.chargebee("GET", "/events", ["sort_by[asc]": "occurred_at"])["list"].array
    #expect(
      types?.map { $0["event"]["event_type"] } == [
        "customer_created", "subscription_created", "invoice_generated", "payment_succeeded",
        "invoice_updated", "subscription_renewed", "invoice_generated", "payment_succeeded",
        "invoice_updated",
      ])
  }
}
