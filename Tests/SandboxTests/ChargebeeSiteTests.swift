import HTTPTypes
import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeSiteTests {
  @Test func promotionalCreditsPayWithoutPayment() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    _ = try fixture.control("POST", "chargebee/credits", ["customer": "acme", "amount": 1500])
    let first = try fixture.invoice("1000")
    #expect(first["invoice.status"] == "paid")
    #expect(first["invoice.total"] == 1000)
    #expect(first["invoice.credits_applied"] == 1000)
    #expect(first["invoice.linked_payments"] == [])
    let second = try fixture.invoice("1000")
    #expect(second["invoice.amount_due"] == 500)
    #expect(second["invoice.status"] == "payment_due")
    let events = try fixture.chargebee("GET", "/events", ["event_type[is]": "payment_succeeded"])
    #expect(events["list"] == [])
  }

  @Test func linesArePagedIfConfigured() throws {
    let fixture = try SandboxFixture { $0.chargebee.pagesLineItems = true }
    try fixture.customer()
    try fixture.invoice()
    let listed = try fixture.chargebee("GET", "/invoices")["list"].array?.first?["invoice"] ?? .null
    #expect(listed["line_items"] == [])
    let offset = try #require(listed["line_items_next_offset"].string)
    let page = try fixture.chargebee("GET", "/invoices/1", ["line_items_offset": offset])
    #expect(page["invoice.line_items"].array?.count == 1)
    let event = try fixture.chargebee("GET", "/events", ["event_type[is]": "invoice_generated"])
    let content = event["list"].array?.first?["event"]["content"] ?? .null
    #expect(content["invoice"]["line_items"] == [])
  }

  @Test func settingsAreChangedByControlAPI() throws {
    let fixture = try SandboxFixture()
    let wish: JSON = ["taxRate": 10, "eventVersion": "v1", "leavesOut": ["card", "invoice"]]
    #expect(try fixture.control("POST", "chargebee/settings", wish).status == 200)
    try fixture.customer()
    #expect(try fixture.invoice("1000")["invoice.tax"] == 100)
    try fixture.sandbox.defineItemPrice(["id": "growth", "price": 100])
    try fixture.sandbox.payForPlan(["customer": "acme", "items": [["item_price": "growth"]]])
    let events = try fixture.chargebee("GET", "/events", ["event_type[is]": "payment_succeeded"])
    let event = events["list"].array?.first?["event"] ?? .null
    #expect(event["api_version"] == "v1")
    #expect(event["content"].object?.keys.sorted() == ["customer", "subscription", "transaction"])
    #expect(try fixture.control("POST", "chargebee/settings", ["key": "x"]).status == 400)
  }

  @Test func eventIsEmittedAndResent() throws {
    let receiver = try WebhookReceiver()
    defer { receiver.stop() }
    let fixture = try SandboxFixture()
    fixture.sandbox.setWebhook(WebhookSettings(url: receiver.url), of: "chargebee")
    let made = try fixture.control(
      "POST", "chargebee/events",
      ["event_type": "payment_failed", "content": ["customer": ["id": "acme"]]])
    let id = made["id"].string ?? ""
    #expect(try fixture.control("POST", "chargebee/events/\(id)/resend").status == 200)
    #expect(try fixture.control("POST", "chargebee/events/ev_x/resend").status == 400)
    try fixture.settle()
    #expect(receiver.types == ["payment_failed", "payment_failed"])
    #expect(Set(receiver.bodies.compactMap { $0["id"].string }) == [id])
  }

  @Test func unpaidTermIsCollectedLater() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.sandbox.defineItemPrice(["id": "growth", "price": 100])
    let made = try fixture.sandbox.payForPlan([
      "customer": "acme", "items": [["item_price": "growth"]], "unpaid": true,
    ])
    #expect(made["invoice"]["status"] == "payment_due")
    #expect(made["transaction"] == .null)
    let paid = try fixture.chargebee("POST", "/invoices/1/collect_payment")
    #expect(paid["invoice.status"] == "paid")
  }

  @Test func rateLimitAppliesIfConfigured() throws {
    let fixture = try SandboxFixture {
      $0.chargebee.callsPerMinute = 2
      $0.togai.callsPerSecond = 1
    }
    fixture.sandbox.advance(seconds: 7)
    try fixture.customer()
    #expect(try fixture.customer().status == 400)
    fixture.sandbox.advance(seconds: 20)
    let limited = try fixture.customer("other")
    #expect(limited.fault == "429 api_request_limit_exceeded ")
    #expect(limited.headers["Retry-After"] == "40")
    fixture.sandbox.advance(seconds: 40)
    #expect(try fixture.customer("other").status == 200)
    try fixture.account()
    #expect(try fixture.togai("GET", "/accounts/acme").status == 429)
    fixture.sandbox.advance(seconds: 1)
    #expect(try fixture.togai("GET", "/accounts/acme").status == 200)
  }

  @Test func oldFilterNamesStillFilter() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let before = try fixture.chargebee("GET", "/events", ["end_time": "1767225600"])
    #expect(before["list"] == [])
    let after = try fixture.chargebee("GET", "/events", ["start_time": "1767225599"])
    #expect(after["list"].array?.count == 1)
  }

  @Test func liveSandboxStartsAtRealTime() throws {
    let options = SandboxOptions.live
    #expect(options.speed == 1)
    #expect(options.start > Timestamp(seconds: 1_767_225_600))
  }
}
