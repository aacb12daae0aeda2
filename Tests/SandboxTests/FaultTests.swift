import HTTPClient
import HTTPTypes
import Testing
import Values

@testable import Sandbox

@Suite struct FaultTests {
  @Test func limitFaultEndsAfterItsCalls() throws {
    let fixture = try SandboxFixture()
    fixture.sandbox.inject(
      Fault(.limit(retryAfter: 7), app: "chargebee", method: "POST", path: "/customers", times: 2)
    )
    for _ in 0..<2 {
      let limited = try fixture.customer()
      #expect(limited.fault == "429 api_request_limit_exceeded ")
      #expect(limited.headers["Retry-After"] == "7")
    }
    #expect(try fixture.customer().status == 200)
  }

  @Test func faultAppliesToItsAppAndPathOnly() throws {
    let fixture = try SandboxFixture()
    fixture.sandbox.inject(Fault(.fail(status: 500), app: "togai", path: "/accounts"))
    #expect(try fixture.customer().status == 200)
    #expect(try fixture.account().status == 201)
    let failed = try fixture.togai("GET", "/accounts/acme")
    #expect(failed.status == 500)
    #expect(failed.json == ["message": "Something went wrong"])
  }

  @Test func failedCallIsNotPerformed() throws {
    let fixture = try SandboxFixture()
    fixture.sandbox.inject(Fault(.fail(status: 504), app: "chargebee", method: "POST"))
    #expect(try fixture.customer().fault == "504 gateway_timeout ")
    fixture.sandbox.inject(Fault(.page, app: "chargebee", method: "POST"))
    let page = try fixture.customer()
    #expect(page.status == 503)
    #expect(page.headers["Content-Type"] == "text/html")
    fixture.sandbox.inject(Fault(.drop, app: "chargebee", method: "POST"))
    #expect(throws: TransportFailure.self) { try fixture.customer() }
    #expect(try fixture.chargebee("GET", "/customers/acme").status == 404)
  }

  @Test(arguments: [
    Fault.Kind.doAndDrop, .doAndFail(status: 500), .doAndFail(status: 504), .garbage, .wrongJSON,
    .slow(seconds: 0.2),
  ])
  func lateFaultStillPerformsCall(_ kind: Fault.Kind) throws {
    let fixture = try SandboxFixture()
    fixture.sandbox.inject(Fault(kind, app: "chargebee", method: "POST", path: "/customers"))
    switch kind {
    case .doAndDrop: #expect(throws: TransportFailure.self) { try fixture.customer() }
    case .doAndFail(let status): #expect(try fixture.customer().status == status)
    case .garbage: #expect(throws: JSONError.self) { try JSON(parsing: fixture.customer().text) }
    case .wrongJSON: #expect(try fixture.customer().json == ["ok"])
    default:
      let start = ContinuousClock.now
      #expect(try fixture.customer().status == 200)
      #expect(ContinuousClock.now - start >= .milliseconds(200))
    }
    #expect(try fixture.chargebee("GET", "/customers/acme").status == 200)
  }

  @Test func droppedReplyIsReplayedByIdempotencyKey() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    fixture.sandbox.inject(Fault(.doAndDrop, app: "chargebee", path: "/invoices"))
    #expect(throws: TransportFailure.self) { try fixture.invoice(key: "k") }
    #expect(fixture.sandbox.requests.last?["misbehaved"] == "do-and-drop")
    #expect(fixture.sandbox.requests.last?["status"] == .null)
    #expect(try fixture.invoice(key: "k").headers["chargebee-idempotency-replayed"] == "true")
    #expect(try fixture.chargebee("GET", "/invoices")["list"].array?.count == 1)
  }

  @Test func clearedFaultsDoNotApply() throws {
    let fixture = try SandboxFixture()
    fixture.sandbox.inject(Fault(.page, app: "chargebee", times: 99))
    fixture.sandbox.clearFaults()
    #expect(try fixture.customer().status == 200)
  }
}
