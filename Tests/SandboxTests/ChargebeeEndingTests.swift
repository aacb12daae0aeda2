import Testing
import Values

@testable import Sandbox

/// Voids, write-offs, credit notes, taxes withheld and refunds, by Chargebee's own rules.
@Suite struct ChargebeeEndingTests {
  private static let state = "409 invalid_state_for_request "

  private func fixture() throws -> SandboxFixture {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice("1000")
    return fixture
  }

  private func pay(_ fixture: SandboxFixture, _ amount: String) throws -> String {
    let form: FormFields = [
      "transaction[payment_method]": "cash", "transaction[amount]": amount,
    ]
    let paid = try fixture.chargebee("POST", "/invoices/1/record_payment", form)
    return paid["transaction.id"].string ?? ""
  }

  @Test func writeOffPaysAnInvoiceByACreditNote() throws {
    let fixture = try fixture()
    _ = try pay(fixture, "400")
    let answer = try fixture.chargebee("POST", "/invoices/1/write_off", ["comment": "given up"])
    #expect(answer["invoice.status"] == "paid")
    #expect(answer["invoice.write_off_amount"] == 600)
    #expect(answer["invoice.amount_paid"] == 400)
    #expect(answer["invoice.amount_due"] == 0)
    #expect(answer["credit_note.create_reason_code"] == "Write Off")
    #expect(answer["credit_note.type"] == "adjustment")
    let events = try fixture.chargebee("GET", "/events", ["event_type[is]": "credit_note_created"])
    #expect(events["list"].array?.count == 1)
    #expect(try fixture.chargebee("POST", "/invoices/1/write_off").fault == Self.state)
  }

  @Test func settledInvoiceIsNotVoided() throws {
    let fixture = try fixture()
    let payment = try pay(fixture, "400")
    #expect(try fixture.chargebee("POST", "/invoices/1/void").fault == Self.state)
    let removed = try fixture.chargebee(
      "POST", "/invoices/1/remove_payment", ["transaction[id]": payment])
    #expect(removed["invoice.status"] == "not_paid")
    #expect(removed["transaction.amount_unused"] == 400)
    #expect(try fixture.chargebee("POST", "/invoices/1/void")["invoice.status"] == "voided")
    // The payment that was taken off pays the next invoice
    #expect(try fixture.invoice("1000")["invoice.amount_due"] == 600)
  }

  @Test func adjustedOrWithheldInvoiceIsNotVoided() throws {
    let fixture = try fixture()
    let form: FormFields = ["tax_withheld[amount]": "100"]
    let withheld = try fixture.chargebee("POST", "/invoices/1/record_tax_withheld", form)
    #expect(withheld["invoice.amount_due"] == 900)
    let tax = withheld["invoice.linked_taxes_withheld"].array?.first?["id"].string ?? ""
    #expect(
      try fixture.chargebee("POST", "/invoices/1/record_tax_withheld", form).fault == Self.state)
    #expect(try fixture.chargebee("POST", "/invoices/1/void").fault == Self.state)
    _ = try fixture.chargebee(
      "POST", "/invoices/1/remove_tax_withheld", ["tax_withheld[id]": tax])
    try fixture.sandbox.addAdjustment(["invoice": "1", "amount": 300])
    #expect(try fixture.chargebee("POST", "/invoices/1/void").fault == Self.state)
    #expect(try fixture.chargebee("GET", "/invoices/1")["invoice.amount_due"] == 700)
  }

  @Test func changeInTheMiddleOfATermIsCreditedAndBilled() throws {
    let fixture = try fixture()
    try fixture.sandbox.defineItemPrice(["id": "growth", "price": 3100])
    let bought = try fixture.sandbox.payForPlan([
      "customer": "acme", "items": [["item_price": "growth", "quantity": 3]],
    ])
    let subscription = bought["subscription"]
    let start = subscription["current_term_start"].int ?? 0
    let half = ((subscription["current_term_end"].int ?? 0) - start) / 2
    fixture.sandbox.advance(seconds: half)
    let changed = try fixture.sandbox.changePlan([
      "subscription": subscription["id"], "items": [["item_price": "growth", "quantity": 5]],
    ])
    #expect(changed["credit_note"]["type"] == "refundable")
    let line = changed["credit_note"]["line_items"].array?.first ?? .null
    #expect(line["quantity"] == 3 && line["entity_id"] == "growth")
    #expect(changed["invoice"]["line_items"].array?.first?["quantity"] == 5)
    #expect(changed["invoice"]["credits_applied"] == line["amount"])
    #expect(changed["invoice"]["status"] == "paid")
    let notes = try fixture.chargebee(
      "GET", "/credit_notes",
      ["subscription_id[is]": subscription["id"].string ?? "", "sort_by[desc]": "date"])
    #expect(notes["list"].array?.count == 1)
    #expect(notes["list"].array?.first?["credit_note"]["status"] == "refunded")
    #expect(
      try fixture.chargebee("GET", "/credit_notes", ["sort_by[desc]": "updated_at"]).fault
        == "400 param_wrong_value sort_by[desc]")
  }

  @Test func refundKeepsTheStatusAndIsDocumentedByACreditNote() throws {
    let fixture = try fixture()
    let payment = try pay(fixture, "1000")
    #expect(try fixture.chargebee("POST", "/invoices/1/refund").fault == Self.state)
    let form: FormFields = [
      "transaction[payment_method]": "cash", "transaction[amount]": "250",
    ]
    let refund = try fixture.chargebee("POST", "/invoices/1/record_refund", form)
    #expect(refund["invoice.status"] == "paid")
    #expect(refund["transaction.refunded_txn_id"].string == payment)
    #expect(refund["credit_note.amount_refunded"] == 250)
    #expect(
      try fixture.chargebee(
        "POST", "/invoices/1/record_refund",
        ["transaction[payment_method]": "cash", "transaction[amount]": "751"]
      ).fault == "400 param_wrong_value refund_amount")
  }

  @Test func lateFailureMakesAnInvoiceDueAgain() throws {
    let fixture = try fixture()
    let payment = try pay(fixture, "1000")
    try fixture.sandbox.failLate(payment)
    let invoice = try fixture.chargebee("GET", "/invoices/1")
    #expect(invoice["invoice.status"] == "not_paid")
    #expect(invoice["invoice.amount_due"] == 1000)
    #expect(
      try fixture.chargebee("GET", "/transactions/\(payment)")["transaction.status"]
        == "late_failure")
  }
}
