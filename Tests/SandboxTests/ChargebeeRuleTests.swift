import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct IdempotencyTests {
  @Test func replaysTheStoredAnswer() throws {
    let stand = try Stand()
    try stand.customer()
    let first = try stand.invoice(key: "k-1")
    let second = try stand.invoice(key: "k-1")
    #expect(first.headers["chargebee-idempotency-replayed"] == nil)
    #expect(second.headers["chargebee-idempotency-replayed"] == "true")
    #expect(second.json == first.json)
    #expect(try stand.chargebee("GET", "/invoices")["list"].array?.count == 1)
  }

  @Test func refusesAKeyWithOtherParameters() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice("1000", key: "k-1")
    #expect(try stand.invoice("1001", key: "k-1").fault == "422 unable_to_process_request ")
  }

  @Test func forgetsAKeyAfterThirtyMinutes() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice(key: "k-1")
    stand.sandbox.advance(seconds: 1799)
    #expect(try stand.invoice(key: "k-1").headers["chargebee-idempotency-replayed"] == "true")
    stand.sandbox.advance(seconds: 1)
    #expect(try stand.invoice(key: "k-1")["invoice.id"] == "2")
  }

  @Test(arguments: [true, false])
  func storesErrorsAsItIsSet(_ storesErrors: Bool) throws {
    let stand = try Stand { $0.chargebee.storesErrors = storesErrors }
    #expect(try stand.invoice(key: "k-1").fault == "404 resource_not_found customer_id")
    try stand.customer()
    #expect(try stand.invoice(key: "k-1").status == (storesErrors ? 404 : 200))
  }

  @Test func refusesAKeyThatIsTooLongOrOnAGet() throws {
    let stand = try Stand()
    try stand.customer()
    let fault = "400 param_wrong_value chargebee-idempotency-key"
    #expect(try stand.invoice(key: String(repeating: "k", count: 101)).fault == fault)
    #expect(try stand.invoice(key: String(repeating: "k", count: 100)).status == 200)
    #expect(try stand.chargebee("GET", "/customers/acme", key: "k").fault == fault)
  }
}

@Suite struct ChargebeeListTests {
  @Test func filtersSortsAndPages() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.customer("other")
    for number in 1...12 {
      try stand.invoice(po: "inv.\(number)")
      stand.sandbox.advance(seconds: 60)
    }
    _ = try stand.chargebee("POST", "/invoices/3/void")
    let first = try stand.chargebee(
      "GET", "/invoices",
      [
        "customer_id[is]": "acme", "date[after]": "1767225600", "status[is]": "payment_due",
        "sort_by[desc]": "date",
      ])
    let numbers = first["list"].array?.compactMap { $0["invoice"]["po_number"].string }
    #expect(numbers == [12, 11, 10, 9, 8, 7, 6, 5, 4, 2].map { "inv.\($0)" })
    #expect(first["next_offset"] == .null)
    let page = try stand.chargebee("GET", "/invoices", ["limit": "5", "sort_by[asc]": "date"])
    let offset = try #require(page["next_offset"].string)
    let rest = try stand.chargebee(
      "GET", "/invoices", ["limit": "100", "sort_by[asc]": "date", "offset": offset])
    #expect(rest["list"].array?.count == 7)
    #expect(rest["list"].array?.first?["invoice"]["id"] == "6")
    #expect(
      try stand.chargebee("GET", "/invoices", ["customer_id[is]": "other"])["list"] == [])
  }

  @Test(arguments: [
    ("id[in]", #"["acme","other"]"#, 2), ("id[not_in]", #"["acme"]"#, 1),
    ("id[starts_with]", "ac", 1),
    ("id[is_not]", "acme", 1), ("email[is_present]", "false", 0), ("phone[is_present]", "false", 2),
    ("created_at[between]", "[1767225600,1767225601]", 2), ("created_at[before]", "1767225600", 0),
    ("created_at[on]", "1767225700", 2),
  ])
  func understandsOperators(_ name: String, _ value: String, _ count: Int) throws {
    let stand = try Stand()
    try stand.customer()
    try stand.customer("other")
    let found = try stand.chargebee("GET", "/customers", FormFields([name: value]))
    #expect(found["list"].array?.count == count)
  }

  @Test(arguments: [
    ("limit", "0"), ("limit", "101"), ("cf_x[is]", "1"), ("meta_data[is]", "x"), ("email", "x"),
    ("sort_by[asc]", "email"), ("id[in]", "acme"), ("created_at[after]", "yesterday"),
    ("auto_collection[is]", "maybe"),
  ])
  func refusesWhatIsNoFilter(_ name: String, _ value: String) throws {
    let answer = try Stand().chargebee("GET", "/customers", FormFields([name: value]))
    #expect(answer.fault == "400 param_wrong_value \(name)")
  }
}

@Suite struct CommentTests {
  @Test func writesAndFindsComments() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.invoice()
    let made = try stand.chargebee(
      "POST", "/comments", ["entity_type": "invoice", "entity_id": "1", "notes": "Togai inv.1"])
    #expect(made["comment.added_by"] == "full_access_key_v1")
    #expect(made["comment.type"] == "user")
    let id = try #require(made["comment.id"].string)
    #expect(try stand.chargebee("GET", "/comments/\(id)").json == made.json)
    let found = try stand.chargebee(
      "GET", "/comments", ["entity_type": "invoice", "entity_id": "1"])
    #expect(found["list"].array?.count == 1)
    let none = try stand.chargebee(
      "GET", "/comments", ["entity_type": "customer", "entity_id": "acme"])
    #expect(none["list"] == [])
  }

  @Test func refusesAWrongComment() throws {
    let stand = try Stand()
    try stand.customer()
    #expect(
      try stand.chargebee("POST", "/comments", ["entity_type": "customer"]).fault
        == "400 param_wrong_value entity_id")
    #expect(
      try stand.chargebee(
        "POST", "/comments", ["entity_type": "customer", "entity_id": "acme"]
      ).fault == "400 param_wrong_value notes")
    #expect(
      try stand.chargebee(
        "POST", "/comments", ["entity_type": "invoice", "entity_id": "7", "notes": "x"]
      ).fault == "404 resource_not_found entity_id")
    #expect(
      try stand.chargebee(
        "POST", "/comments",
        [
          "entity_type": "customer", "entity_id": "acme",
          "notes": String(repeating: "x", count: 1001),
        ]
      ).fault == "400 param_wrong_value notes")
  }
}

@Suite struct EventTests {
  @Test func keepsEventsAndTheirAuthors() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.sandbox.addCustomer(["id": "byhand", "billing_address": ["country": "US"]])
    let list = try stand.chargebee("GET", "/events", ["sort_by[asc]": "occurred_at"])
    let events = list["list"].array?.map { $0["event"] } ?? []
    #expect(events.map { $0["source"] } == ["api", "admin_console"])
    #expect(events.map { $0["user"] } == ["full_access_key_v1", "ops@vendor.example"])
    #expect(events.map { $0["webhook_status"] } == ["not_configured", "not_configured"])
    let id = try #require(events.first?["id"].string)
    #expect(try stand.chargebee("GET", "/events/\(id)")["event"] == events[0])
    let filtered = try stand.chargebee(
      "GET", "/events", ["event_type[in]": #"["payment_succeeded"]"#])
    #expect(filtered["list"] == [])
  }

  @Test func paymentSucceededHoldsWhatTheRealOneHolds() throws {
    let stand = try Stand { $0.chargebee.leavesOut = ["card"] }
    try stand.customer()
    try stand.sandbox.defineItemPrice(["id": "growth", "price": 100])
    try stand.sandbox.payForPlan(["customer": "acme", "items": [["item_price": "growth"]]])
    let list = try stand.chargebee("GET", "/events", ["event_type[is]": "payment_succeeded"])
    let content = list["list"].array?.first?["event"]["content"].object ?? [:]
    #expect(content.keys.sorted() == ["customer", "invoice", "subscription", "transaction"])
    #expect(content["transaction"]?["type"] == "payment")
    #expect(content["transaction"]?["linked_invoices"].array?.first?["invoice_status"] == "paid")
    #expect(content["invoice"]?["line_items"].array?.first?["entity_id"] == "growth")
    #expect(content["invoice"]?["line_items"].array?.first?["entity_type"] == "plan_item_price")
  }
}
