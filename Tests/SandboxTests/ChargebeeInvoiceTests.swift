import Foundation
import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeInvoiceTests {
  private static let path = "/invoices/create_for_charge_items_and_charges"

  @Test func totalIsChargesMinusDiscounts() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let made = try fixture.chargebee(
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
    #expect(try fixture.chargebee("GET", "/invoices/1").json == made.json)
  }

  @Test func onlyTaxableLinesAreTaxed() throws {
    let fixture = try SandboxFixture { $0.chargebee.taxRate = 8 }
    try fixture.customer()
    let made = try fixture.chargebee(
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

  @Test func itemPricesOfTypeChargeAreBilled() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.sandbox.defineItemPrice(["id": "usage", "item_type": "charge", "price": 100])
    try fixture.sandbox.defineItemPrice(["id": "growth", "item_type": "plan", "price": 100])
    let made = try fixture.chargebee(
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
    let plan = try fixture.chargebee(
      "POST", Self.path, ["customer_id": "acme", "item_prices[item_price_id][0]": "growth"])
    #expect(plan.fault == "400 param_wrong_value item_prices[item_price_id][0]")
    let nothing = try fixture.chargebee(
      "POST", Self.path, ["customer_id": "acme", "item_prices[item_price_id][0]": "none"])
    #expect(nothing.fault == "404 resource_not_found item_prices[item_price_id][0]")
    #expect(try fixture.chargebee("GET", "/item_prices/usage")["item_price.item_type"] == "charge")
  }

  /// The changes to a valid call with one charge, and the errors.
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
    (["discounts[apply_on][0]": "invoice_amount"], "400 param_wrong_value discounts[amount][0]"),
    (["discounts[percentage][0]": "101"], "400 param_wrong_value discounts[percentage][0]"),
    (["create_pending_invoice": "true"], "400 param_wrong_value create_pending_invoice"),
    (["coupon_ids[0]": "TEN"], "404 resource_not_found coupon_ids[0]"),
    (["po_number": String(repeating: "x", count: 101)], "400 param_wrong_value po_number"),
    (["net_term_days": "-1"], "400 param_wrong_value net_term_days"),
  ])
  func invalidInvoiceIsRefused(_ change: [String: String], _ fault: String) throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    var form = [
      "customer_id": "acme", "charges[amount][0]": "100", "charges[description][0]": "x",
      "auto_collection": "off",
    ]
    form.merge(change) { _, new in new }
    if change["create_pending_invoice"] != nil { form["auto_collection"] = nil }
    let answer = try fixture.chargebee("POST", Self.path, FormFields(form))
    #expect(answer.fault == fault)
    #expect(try fixture.chargebee("GET", "/invoices")["list"] == [])
  }

  @Test func customerAndLineAreRequired() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    #expect(
      try fixture.chargebee("POST", Self.path, ["charges[amount][0]": "1"]).fault
        == "400 param_wrong_value customer_id")
    #expect(
      try fixture.chargebee("POST", Self.path, ["customer_id": "acme"]).fault
        == "400 param_wrong_value charges[amount][0]")
  }

  @Test func dateMayBeOneMonthAgo() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let made = try fixture.chargebee(
      "POST", Self.path,
      [
        "customer_id": "acme", "charges[amount][0]": "1", "charges[description][0]": "x",
        "invoice_date": "1764547200",
      ])
    #expect(made["invoice.date"] == 1_764_547_200)
  }

  @Test func linesArePagedByOffset() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    var form = ["customer_id": "acme", "auto_collection": "off"]
    for index in 0..<5 {
      form["charges[amount][\(index)]"] = "\(index + 1)"
      form["charges[description][\(index)]"] = "x"
    }
    _ = try fixture.chargebee("POST", Self.path, FormFields(form))
    let first = try fixture.chargebee("GET", "/invoices/1", ["line_items_limit": "3"])
    #expect(first["invoice.line_items"].array?.count == 3)
    let offset = try #require(first["invoice.line_items_next_offset"].string)
    let second = try fixture.chargebee("GET", "/invoices/1", ["line_items_offset": offset])
    #expect(second["invoice.line_items"].array?.map { $0["amount"] } == [4, 5])
    #expect(second["invoice.line_items_next_offset"] == .null)
  }
}
