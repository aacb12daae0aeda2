import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

/// What only some sites do, and what people do to a site.
@Suite struct SiteTests {
  @Test func creditsPayWithoutAPayment() throws {
    let stand = try Stand()
    try stand.customer()
    _ = try stand.control("POST", "chargebee/credits", ["customer": "acme", "amount": 1500])
    let first = try stand.invoice("1000")
    #expect(first["invoice.status"] == "paid")
    #expect(first["invoice.total"] == 1000)
    #expect(first["invoice.credits_applied"] == 1000)
    #expect(first["invoice.linked_payments"] == [])
    let second = try stand.invoice("1000")
    #expect(second["invoice.amount_due"] == 500)
    #expect(second["invoice.status"] == "payment_due")
    let events = try stand.chargebee("GET", "/events", ["event_type[is]": "payment_succeeded"])
    #expect(events["list"] == [])
  }

  @Test func linesAreReadPageByPageWhereTheSiteWantsIt() throws {
    let stand = try Stand { $0.chargebee.pagesLineItems = true }
    try stand.customer()
    try stand.invoice()
    let listed = try stand.chargebee("GET", "/invoices")["list"].array?.first?["invoice"] ?? .null
    #expect(listed["line_items"] == [])
    let offset = try #require(listed["line_items_next_offset"].string)
    let page = try stand.chargebee("GET", "/invoices/1", ["line_items_offset": offset])
    #expect(page["invoice.line_items"].array?.count == 1)
    let event = try stand.chargebee("GET", "/events", ["event_type[is]": "invoice_generated"])
    let content = event["list"].array?.first?["event"]["content"] ?? .null
    #expect(content["invoice"]["line_items"] == [])
  }

  @Test func isSetUpByControl() throws {
    let stand = try Stand()
    let wish: JSON = ["taxRate": 10, "eventVersion": "v1", "leavesOut": ["card", "invoice"]]
    #expect(try stand.control("POST", "chargebee/settings", wish).status == 200)
    try stand.customer()
    #expect(try stand.invoice("1000")["invoice.tax"] == 100)
    try stand.sandbox.defineItemPrice(["id": "growth", "price": 100])
    try stand.sandbox.payForPlan(["customer": "acme", "items": [["item_price": "growth"]]])
    let events = try stand.chargebee("GET", "/events", ["event_type[is]": "payment_succeeded"])
    let event = events["list"].array?.first?["event"] ?? .null
    #expect(event["api_version"] == "v1")
    #expect(
      event["content"].object?.keys.sorted() == ["customer", "subscription", "transaction"])
    #expect(try stand.control("POST", "chargebee/settings", ["key": "x"]).status == 400)
  }

  @Test func makesAndResendsEvents() throws {
    let mailbox = try Mailbox()
    defer { mailbox.stop() }
    let stand = try Stand()
    stand.sandbox.setWebhook(WebhookSettings(url: mailbox.url), of: "chargebee")
    let made = try stand.control(
      "POST", "chargebee/events",
      ["event_type": "payment_failed", "content": ["customer": ["id": "acme"]]])
    let id = made["id"].string ?? ""
    #expect(try stand.control("POST", "chargebee/events/\(id)/resend").status == 200)
    #expect(try stand.control("POST", "chargebee/events/ev_x/resend").status == 400)
    try stand.settle()
    #expect(mailbox.types == ["payment_failed", "payment_failed"])
    #expect(Set(mailbox.bodies.compactMap { $0["id"].string }) == [id])
  }

  @Test func anUnpaidTermIsPaidLater() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.sandbox.defineItemPrice(["id": "growth", "price": 100])
    let made = try stand.sandbox.payForPlan([
      "customer": "acme", "items": [["item_price": "growth"]], "unpaid": true,
    ])
    #expect(made["invoice"]["status"] == "payment_due")
    #expect(made["transaction"] == .null)
    let paid = try stand.chargebee("POST", "/invoices/1/collect_payment")
    #expect(paid["invoice.status"] == "paid")
  }

  @Test func limitsCallsWhereItIsToldTo() throws {
    let stand = try Stand {
      $0.chargebee.callsPerMinute = 2
      $0.togai.callsPerSecond = 1
    }
    stand.sandbox.advance(seconds: 7)
    try stand.customer()
    #expect(try stand.customer().status == 400)
    stand.sandbox.advance(seconds: 20)
    let limited = try stand.customer("other")
    #expect(limited.fault == "429 api_request_limit_exceeded ")
    #expect(limited.headers["Retry-After"] == "40")
    stand.sandbox.advance(seconds: 40)
    #expect(try stand.customer("other").status == 200)
    try stand.account()
    #expect(try stand.togai("GET", "/accounts/acme").status == 429)
    stand.sandbox.advance(seconds: 1)
    #expect(try stand.togai("GET", "/accounts/acme").status == 200)
  }

  @Test func oldNamesOfFiltersStillFilter() throws {
    let stand = try Stand()
    try stand.customer()
    let before = try stand.chargebee("GET", "/events", ["end_time": "1767225600"])
    #expect(before["list"] == [])
    let after = try stand.chargebee("GET", "/events", ["start_time": "1767225599"])
    #expect(after["list"].array?.count == 1)
  }

  @Test func aLiveSandboxKeepsTheTimeOutside() throws {
    let options = SandboxOptions.live
    #expect(options.speed == 1)
    #expect(options.start > Timestamp(seconds: 1_767_225_600))
  }
}
