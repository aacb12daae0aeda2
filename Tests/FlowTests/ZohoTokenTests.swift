import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import TestSupport
import Testing
import Values

private let contacts = "/zohobooks/books/v3/contacts"

/// Access tokens of Zoho Books.
@Suite(.serialized) struct ZohoTokenTests {
  @Test func refusedAccessTokenIsRenewedWithinARun() throws {
    try withZoho(customerFlow) { fixture, service in
      fixture.sandbox.inject(
        Fault(.fail(status: 401), app: "zohobooks", method: "POST", path: "/books/v3/contacts"))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", contacts) == 2)
      #expect(fixture.sandbox.state["zohobooks"]["tokensGiven"] == 2)
      #expect(try Pauses(home: fixture.registry.home).reason(of: "zohobooks") == nil)
    }
  }

  @Test func revokedAccessTokenIsRenewed() throws {
    try withZoho(customerFlow) { fixture, service in
      fixture.sandbox.revokeZohoTokens()
      for number in 1...4 { try fixture.addCustomer("c\(number)") }
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 4)
      #expect(fixture.sandbox.state["zohobooks"]["tokensGiven"] == 2)
    }
  }

  @Test func runWaitsForAnAccessToken() throws {
    try withZoho(customerFlow) { fixture, service in
      fixture.sandbox.revokeZohoTokens()
      fixture.sandbox.inject(
        Fault(.fail(status: 503), app: "zohobooks", path: "/oauth", times: 2))
      fixture.sandbox.inject(Fault(.drop, app: "zohobooks", path: "/oauth", times: 2))
      try fixture.addCustomer("c1")
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
    }
  }

  @Test func connectionIsPausedIfARenewedTokenIsRefused() throws {
    try withZoho(customerFlow) { fixture, service in
      let contact = Fault(
        .fail(status: 401), app: "zohobooks", path: "/books/v3/contacts", times: 2)
      fixture.sandbox.inject(contact)
      try fixture.addCustomer("c1")
      try fixture.waitForPause()
      #expect(fixture.zoho("contacts").isEmpty)
      #expect(try fixture.registry.test("zohobooks", clock: fixture.clock).hasSuffix("go on"))
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
      #expect(fixture.count("POST", "/togai/customers") == 1)
    }
  }

  @Test func connectionIsPausedIfItsRefreshTokenIsRefused() throws {
    try withZoho(customerFlow) { fixture, service in
      fixture.sandbox.revokeZohoTokens(isForGood: true)
      try fixture.addCustomer("c1")
      try fixture.waitForPause()
      let problem = #expect(throws: Problem.self) {
        try fixture.registry.test("zohobooks", clock: fixture.clock)
      }
      #expect(problem?.kind == .refused)
      #expect(problem?.description.contains("invalid_code") == true)
      try fixture.renewZohoCode()
      _ = try fixture.registry.test("zohobooks", clock: fixture.clock)
      #expect(fixture.settle(service))
      #expect(fixture.zoho("contacts").count == 1)
    }
  }

  @Test func noFileOrRequestContainsAToken() throws {
    let fixture = try EndToEnd(seed: 31)
    defer { fixture.close() }
    try fixture.connectZoho(customerFlow)
    try fixture.serve { service, _ in
      for kind in [.garbage, .wrongJSON, .fail(status: 401), .doAndFail(status: 401)]
        as [Fault.Kind]
      {
        fixture.sandbox.inject(Fault(kind, app: "zohobooks"))
      }
      try fixture.addCustomer("c1")
      try fixture.waitForPause()
      _ = try fixture.registry.test("zohobooks", clock: fixture.clock)
      #expect(fixture.settle(service))
    }
    #expect(try fixture.runs().allSatisfy { $0.status == .success })
    #expect(Canary.files(in: fixture.path) == [])
    #expect(!fixture.sandbox.requests.map(\.text).joined().contains(Canary.word))
  }
}
