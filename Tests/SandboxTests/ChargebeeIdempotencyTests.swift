import HTTPTypes
import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeIdempotencyTests {
  @Test func repeatedKeyReplaysReply() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let first = try fixture.invoice(key: "k-1")
    let second = try fixture.invoice(key: "k-1")
    #expect(first.headers["chargebee-idempotency-replayed"] == nil)
    #expect(second.headers["chargebee-idempotency-replayed"] == "true")
    #expect(second.json == first.json)
    #expect(try fixture.chargebee("GET", "/invoices")["list"].array?.count == 1)
  }

  @Test func keyWithOtherParametersIsRefused() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice("1000", key: "k-1")
    #expect(try fixture.invoice("1001", key: "k-1").fault == "422 unable_to_process_request ")
  }

  @Test func keyExpiresAfterThirtyMinutes() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice(key: "k-1")
    fixture.sandbox.advance(seconds: 1799)
    #expect(try fixture.invoice(key: "k-1").headers["chargebee-idempotency-replayed"] == "true")
    fixture.sandbox.advance(seconds: 1)
    #expect(try fixture.invoice(key: "k-1")["invoice.id"] == "2")
  }

  @Test(arguments: [true, false])
  func errorsAreReplayedIfConfigured(_ storesErrors: Bool) throws {
    let fixture = try SandboxFixture { $0.chargebee.storesErrors = storesErrors }
    #expect(try fixture.invoice(key: "k-1").fault == "404 resource_not_found customer_id")
    try fixture.customer()
    #expect(try fixture.invoice(key: "k-1").status == (storesErrors ? 404 : 200))
  }

  @Test func tooLongKeyAndKeyOnGetAreRefused() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let fault = "400 param_wrong_value chargebee-idempotency-key"
    #expect(try fixture.invoice(key: String(repeating: "k", count: 101)).fault == fault)
    #expect(try fixture.invoice(key: String(repeating: "k", count: 100)).status == 200)
    #expect(try fixture.chargebee("GET", "/customers/acme", key: "k").fault == fault)
  }
}
