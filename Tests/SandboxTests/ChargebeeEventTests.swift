import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeEventTests {
  @Test func eventsNameSourceAndUser() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.sandbox.addCustomer(["id": "byhand", "billing_address": ["country": "US"]])
    let list = try fixture.chargebee("GET", "/events", ["sort_by[asc]": "occurred_at"])
    let events = list["list"].array?.map { $0["event"] } ?? []
    #expect(events.map { $0["source"] } == ["api", "admin_console"])
    #expect(events.map { $0["user"] } == ["full_access_key_v1", "ops@vendor.example"])
    #expect(events.map { $0["webhook_status"] } == ["not_configured", "not_configured"])
    let id = try #require(events.first?["id"].string)
    #expect(try fixture.chargebee("GET", "/events/\(id)")["event"] == events[0])
    let filtered = try fixture.chargebee(
      "GET", "/events", ["event_type[in]": #"["payment_succeeded"]"#])
    #expect(filtered["list"] == [])
  }

  @Test func paymentSucceededContainsDocumentedResources() throws {
    let fixture = try SandboxFixture { $0.chargebee.leavesOut = ["card"] }
    try fixture.customer()
    try fixture.sandbox.defineItemPrice(["id": "growth", "price": 100])
    try fixture.sandbox.payForPlan(["customer": "acme", "items": [["item_price": "growth"]]])
    let list = try fixture.chargebee("GET", "/events", ["event_type[is]": "payment_succeeded"])
    let content = list["list"].array?.first?["event"]["content"].object ?? [:]
    #expect(content.keys.sorted() == ["customer", "invoice", "subscription", "transaction"])
    #expect(content["transaction"]?["type"] == "payment")
    #expect(content["transaction"]?["linked_invoices"].array?.first?["invoice_status"] == "paid")
    #expect(content["invoice"]?["line_items"].array?.first?["entity_id"] == "growth")
    #expect(content["invoice"]?["line_items"].array?.first?["entity_type"] == "plan_item_price")
  }
}
