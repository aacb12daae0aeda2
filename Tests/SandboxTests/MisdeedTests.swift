import HTTPClient
import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct MisdeedTests {
  @Test func limitsAndThenServes() throws {
    let stand = try Stand()
    stand.sandbox.misbehave(
      Misdeed(.limit(retryAfter: 7), app: "chargebee", method: "POST", path: "/customers", times: 2)
    )
    for _ in 0..<2 {
      let limited = try stand.customer()
      #expect(limited.fault == "429 api_request_limit_exceeded ")
      #expect(limited.headers["Retry-After"] == "7")
    }
    #expect(try stand.customer().status == 200)
  }

  @Test func touchesOnlyWhatItIsFor() throws {
    let stand = try Stand()
    stand.sandbox.misbehave(Misdeed(.fail(status: 500), app: "togai", path: "/accounts"))
    #expect(try stand.customer().status == 200)
    #expect(try stand.account().status == 201)
    let failed = try stand.togai("GET", "/accounts/acme")
    #expect(failed.status == 500)
    #expect(failed.json == ["message": "Something went wrong"])
  }

  @Test func failsBeforeItActs() throws {
    let stand = try Stand()
    stand.sandbox.misbehave(Misdeed(.fail(status: 504), app: "chargebee", method: "POST"))
    #expect(try stand.customer().fault == "504 gateway_timeout ")
    stand.sandbox.misbehave(Misdeed(.page, app: "chargebee", method: "POST"))
    let page = try stand.customer()
    #expect(page.status == 503)
    #expect(page.headers["Content-Type"] == "text/html")
    stand.sandbox.misbehave(Misdeed(.drop, app: "chargebee", method: "POST"))
    #expect(throws: TransportFailure.self) { try stand.customer() }
    #expect(try stand.chargebee("GET", "/customers/acme").status == 404)
  }

  @Test(arguments: [
    Misdeed.Kind.doAndDrop, .doAndFail(status: 500), .doAndFail(status: 504), .garbage, .wrongJSON,
    .slow(seconds: 0.2),
  ])
  func actsAndThenMisbehaves(_ kind: Misdeed.Kind) throws {
    let stand = try Stand()
    stand.sandbox.misbehave(Misdeed(kind, app: "chargebee", method: "POST", path: "/customers"))
    switch kind {
    case .doAndDrop: #expect(throws: TransportFailure.self) { try stand.customer() }
    case .doAndFail(let status): #expect(try stand.customer().status == status)
    case .garbage: #expect(throws: JSONError.self) { try JSON(parsing: stand.customer().text) }
    case .wrongJSON: #expect(try stand.customer().json == ["ok"])
    default:
      let start = ContinuousClock.now
      #expect(try stand.customer().status == 200)
      #expect(ContinuousClock.now - start >= .milliseconds(200))
    }
    #expect(try stand.chargebee("GET", "/customers/acme").status == 200)
  }

  @Test func anIdempotencyKeySavesWhatWasDoneAndDropped() throws {
    let stand = try Stand()
    try stand.customer()
    stand.sandbox.misbehave(Misdeed(.doAndDrop, app: "chargebee", path: "/invoices"))
    #expect(throws: TransportFailure.self) { try stand.invoice(key: "k") }
    #expect(stand.sandbox.requests.last?["misbehaved"] == "do-and-drop")
    #expect(stand.sandbox.requests.last?["status"] == .null)
    #expect(try stand.invoice(key: "k").headers["chargebee-idempotency-replayed"] == "true")
    #expect(try stand.chargebee("GET", "/invoices")["list"].array?.count == 1)
  }

  @Test func canBeCalledOff() throws {
    let stand = try Stand()
    stand.sandbox.misbehave(Misdeed(.page, app: "chargebee", times: 99))
    stand.sandbox.behave()
    #expect(try stand.customer().status == 200)
  }
}

@Suite struct ControlTests {
  @Test func doesWhatPeopleDo() throws {
    let stand = try Stand()
    #expect(try stand.control("POST", "chargebee/customers", ["id": "acme"])["id"] == "acme")
    let price: JSON = ["id": "growth", "price": 4900]
    #expect(try stand.control("POST", "chargebee/item_prices", price)["item_type"] == "plan")
    let paid = try stand.control(
      "POST", "chargebee/payments", ["customer": "acme", "items": [["item_price": "growth"]]])
    #expect(paid["transaction.amount"] == 4900)
    try stand.account()
    #expect(try stand.control("POST", "togai/price_plans", ["id": "pp.1"])["id"] == "pp.1")
    let draft = try stand.control(
      "POST", "togai/invoices", ["account": "acme", "totalAmount": number("10.5")])
    let id = draft["id"].string ?? ""
    #expect(draft["status"] == "DRAFT")
    #expect(try stand.control("POST", "togai/invoices/\(id)/generate")["status"] == "DUE")
    let state = try stand.control("GET", "state")
    #expect(state["chargebee.customers"].array?.count == 1)
    #expect(state["togai.invoices"].array?.count == 1)
  }

  @Test func setsTheClockAndOrdersMisdeeds() throws {
    let stand = try Stand()
    let set = try stand.control("POST", "clock", ["now": "2026-05-01T00:00:00Z"])
    #expect(set["now"] == "2026-05-01T00:00:00Z")
    let moved = try stand.control("POST", "clock", ["advance": 90])
    #expect(moved["now"] == "2026-05-01T00:01:30Z")
    #expect(
      try stand.control(
        "POST", "misbehaviour", ["app": "togai", "kind": "fail", "status": 503, "times": 2]
      ).status == 200)
    #expect(try stand.togai("GET", "/customers").status == 503)
    #expect(try stand.control("DELETE", "misbehaviour").status == 200)
    #expect(try stand.togai("GET", "/customers").status == 200)
  }

  /// What the guide lists is there: none of it is answered 404.
  @Test func listsItsPaths() throws {
    let stand = try Stand()
    let guide = try stand.control("GET", "")["control"].object ?? [:]
    #expect(guide.count > 15)
    for path in guide.keys {
      let words = path.split(separator: " ")
      let parts = words[1].dropFirst("/sandbox/".count).replacing("{app}", with: "togai")
      #expect(try stand.control(String(words[0]), String(parts)).status != 404, "\(path)")
    }
    #expect(
      try stand.raw(ClientRequest("GET", "http://127.0.0.1:\(stand.sandbox.port)/sandbox")).status
        == 200)
  }

  @Test func saysWhatIsWrong() throws {
    let stand = try Stand()
    let unknown = try stand.control("POST", "chargebee/item_prices", ["id": "x", "colour": "red"])
    #expect(unknown.status == 400)
    #expect((unknown["error"].string ?? "").hasPrefix("colour is not known here"))
    #expect(try stand.control("POST", "clock", ["now": "soon"]).status == 400)
    #expect(try stand.control("POST", "webhooks/zoho", ["url": "http://127.0.0.1/"]).status == 400)
    #expect(try stand.control("GET", "nothing").status == 404)
    let page = try stand.control("GET", "state", headers: ["Origin": "http://evil.example"])
    #expect(page.status == 403)
  }

  @Test func logsRequestsWithoutCredentials() throws {
    let stand = try Stand()
    try stand.customer()
    try stand.account()
    _ = try stand.invoice(key: "k-1")
    let log = try stand.control("GET", "requests")
    let entries = log.json.array ?? []
    #expect(entries.map { $0["app"] } == ["chargebee", "togai", "chargebee"])
    #expect(entries.map { $0["status"] } == [200, 201, 200])
    #expect(entries.last?["idempotencyKey"] == "k-1")
    #expect(entries.first?["body"] == "id=acme&company=Acme&email=m%40acme.example")
    #expect(!log.text.contains("togai_sandbox"))
    #expect(!log.text.contains("dGVzdF9zYW5kYm94Og"))
  }
}
