import HTTPClient
import HTTPTypes
import Testing
import Values

@testable import Sandbox

@Suite struct ControlAPITests {
  @Test func actionsChangeState() throws {
    let fixture = try SandboxFixture()
    #expect(try fixture.control("POST", "chargebee/customers", ["id": "acme"])["id"] == "acme")
    let price: JSON = ["id": "growth", "price": 4900]
    #expect(try fixture.control("POST", "chargebee/item_prices", price)["item_type"] == "plan")
    let paid = try fixture.control(
      "POST", "chargebee/payments", ["customer": "acme", "items": [["item_price": "growth"]]])
    #expect(paid["transaction.amount"] == 4900)
    try fixture.account()
    #expect(try fixture.control("POST", "togai/price_plans", ["id": "pp.1"])["id"] == "pp.1")
    let draft = try fixture.control(
      "POST", "togai/invoices", ["account": "acme", "totalAmount": number("10.5")])
    let id = draft["id"].string ?? ""
    #expect(draft["status"] == "DRAFT")
    #expect(try fixture.control("POST", "togai/invoices/\(id)/generate")["status"] == "DUE")
    let state = try fixture.control("GET", "state")
    #expect(state["chargebee.customers"].array?.count == 1)
    #expect(state["togai.invoices"].array?.count == 1)
  }

  @Test func clockIsSetAndFaultsAreInjected() throws {
    let fixture = try SandboxFixture()
    let set = try fixture.control("POST", "clock", ["now": "2026-05-01T00:00:00Z"])
    #expect(set["now"] == "2026-05-01T00:00:00Z")
    let moved = try fixture.control("POST", "clock", ["advance": 90])
    #expect(moved["now"] == "2026-05-01T00:01:30Z")
    #expect(
      try fixture.control(
        "POST", "misbehaviour", ["app": "togai", "kind": "fail", "status": 503, "times": 2]
      ).status == 200)
    #expect(try fixture.togai("GET", "/customers").status == 503)
    #expect(try fixture.control("DELETE", "misbehaviour").status == 200)
    #expect(try fixture.togai("GET", "/customers").status == 200)
  }

  /// Every path of the guide exists: none is answered 404.
  @Test func guideListsOnlyExistingPaths() throws {
    let fixture = try SandboxFixture()
    let guide = try fixture.control("GET", "")["control"].object ?? [:]
    #expect(guide.count > 15)
    for path in guide.keys {
      let words = path.split(separator: " ")
      let parts = words[1].dropFirst("/sandbox/".count).replacing("{app}", with: "togai")
      #expect(try fixture.control(String(words[0]), String(parts)).status != 404, "\(path)")
    }
    #expect(
      try fixture.raw(ClientRequest("GET", "http://127.0.0.1:\(fixture.sandbox.port)/sandbox"))
        .status
        == 200)
  }

  @Test func invalidRequestIsExplained() throws {
    let fixture = try SandboxFixture()
    let unknown = try fixture.control(
      "POST", "chargebee/item_prices", ["id": "x", "colour": "red"])
    #expect(unknown.status == 400)
    #expect((unknown["error"].string ?? "").hasPrefix("colour is not known here"))
    #expect(try fixture.control("POST", "clock", ["now": "soon"]).status == 400)
    #expect(
      try fixture.control("POST", "webhooks/zoho", ["url": "http://127.0.0.1/"]).status == 400)
    #expect(try fixture.control("GET", "nothing").status == 404)
    let page = try fixture.control("GET", "state", headers: ["Origin": "http://evil.example"])
    #expect(page.status == 403)
  }

  @Test func requestLogContainsNoCredentials() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.account()
    _ = try fixture.invoice(key: "k-1")
    let log = try fixture.control("GET", "requests")
    let entries = log.json.array ?? []
    #expect(entries.map { $0["app"] } == ["chargebee", "togai", "chargebee"])
    #expect(entries.map { $0["status"] } == [200, 201, 200])
    #expect(entries.last?["idempotencyKey"] == "k-1")
    #expect(entries.first?["body"] == "id=acme&company=Acme&email=m%40acme.example")
    #expect(!log.text.contains("togai_sandbox"))
    #expect(!log.text.contains("dGVzdF9zYW5kYm94Og"))
  }
}
